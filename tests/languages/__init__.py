"""Languages that only tests read."""
