"""Parts that somebody else might add, each in one file: what the rooms' contracts promise."""
