"""Files of a folder → texts → passages, and back into the library. Knows no question."""
