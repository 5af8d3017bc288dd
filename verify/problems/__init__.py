"""Sparse-coding problems solved with proof: ground truth that knows nothing of coherence theory."""
