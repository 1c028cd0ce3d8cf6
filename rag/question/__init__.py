"""A question as typed → a query: its names, parts, dates and spelling. Knows no index."""
