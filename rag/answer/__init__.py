"""Evidence → an answer: quoted, attributed, or worded by a model. Knows no file."""
