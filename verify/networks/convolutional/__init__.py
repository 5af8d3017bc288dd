"""Networks made of convolutions: of filters for signals of every size, and of dense networks with small kernels."""
