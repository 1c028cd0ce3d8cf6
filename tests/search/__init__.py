"""A query → passages."""
