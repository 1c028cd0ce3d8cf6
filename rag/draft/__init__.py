"""A draft that somebody wrote → each sentence judged by what the documents say of it."""
