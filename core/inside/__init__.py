"""Compute what happens inside networks, cell by cell, without TensorFlow."""
