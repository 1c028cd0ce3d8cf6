"""A draft: its file in, its sentences judged, and what was found out again."""
