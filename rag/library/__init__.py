"""What is kept: the index of the documents, what people made, the vectors. Knows no file."""
