"""Heads: the geometry that a rig's channels move, and what is measured on it."""
