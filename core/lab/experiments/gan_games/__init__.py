"""Play games of a generator and a discriminator, step by step, with TensorFlow."""
