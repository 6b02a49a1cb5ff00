"""The JSON formats, one file each."""
