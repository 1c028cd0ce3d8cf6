"""What knows a language."""
