"""What is measured of a convolutional dictionary from its filters alone, for signals of every size."""
