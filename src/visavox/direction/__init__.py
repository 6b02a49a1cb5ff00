"""Directing a face: what a voice and its words tell of an emotion, and the performance that follows from them."""
