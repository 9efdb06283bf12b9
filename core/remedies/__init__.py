"""Measure remedies: how robust, well calibrated, small and explainable networks are."""
