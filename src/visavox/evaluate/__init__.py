"""Measures of a talking face: pure functions on arrays, and the bench that puts each number beside its controls."""
