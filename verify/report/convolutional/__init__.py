"""Reports on filters: what accepted claims say about convolutional dictionaries of every size."""
