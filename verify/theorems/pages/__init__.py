"""The registry as people read it: text, pages of documentation, and the graph of what rests on what."""
