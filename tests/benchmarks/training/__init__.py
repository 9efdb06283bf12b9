"""How fast training is, and how fast one sees it: ``python -m tests.benchmarks.training [PART …]``."""
