"""Metrics: pure functions of curves, units in the docstring."""
