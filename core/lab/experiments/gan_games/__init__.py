"""Contests of a generator and a discriminator, taken step by step: the lab's side, with TensorFlow."""
