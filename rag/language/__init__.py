"""What belongs to a language: its words and how they are folded and compared."""
