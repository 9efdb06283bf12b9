"""Games of a generator and a discriminator, played step by step with TensorFlow."""
