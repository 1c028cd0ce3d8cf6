"""A question as typed → a query."""
