"""A query → the passages nearest to it. Knows no answer."""
