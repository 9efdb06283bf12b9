"""Measure how fast training is and how soon one sees it: ``python -m tests.benchmarks.training [PART …]``."""
