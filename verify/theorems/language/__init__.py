"""The language that statements are written in: variables with domains, expressions, conditions, and their values."""
