"""What is kept, and what becomes of it when something breaks."""
