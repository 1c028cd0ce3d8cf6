"""Is a sentence borne out by the passages it cites? Knows no model."""
