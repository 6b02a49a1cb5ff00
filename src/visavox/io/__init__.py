"""Bytes to values and back: the only readers and writers of user media."""
