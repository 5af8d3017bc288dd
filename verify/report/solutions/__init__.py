"""Reports on solved problems: what accepted claims say about signals, and what backends claimed beside it."""
