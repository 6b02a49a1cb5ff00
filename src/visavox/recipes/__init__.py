"""Recipes: every choice of a training, from nothing to a checkpoint, as values and one function each."""
