"""Play the games of a generator against a discriminator, step by step, with TensorFlow."""
