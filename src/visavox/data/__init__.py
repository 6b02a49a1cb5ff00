"""Clips, their store, and the synthetic corpus."""
