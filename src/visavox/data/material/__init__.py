"""Recordings to train on: made, read, augmented, aligned and encoded."""
