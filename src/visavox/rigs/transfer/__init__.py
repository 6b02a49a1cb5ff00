"""Shapes of the default head carried to another face's mesh."""
