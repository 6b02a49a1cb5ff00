"""The report of an evaluation: definitions, text and pictures."""
