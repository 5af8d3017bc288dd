"""Recovery experiments: codes drawn at random, and for each of them a proof that a method recovers it, or misses it."""
