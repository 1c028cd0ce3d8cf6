"""Evidence → answers."""
