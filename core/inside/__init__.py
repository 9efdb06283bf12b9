"""Inside the networks: the arithmetic of a layer, with the numbers in it."""
