"""Measurements side by side, each a command of its own; no test asserts a time."""
