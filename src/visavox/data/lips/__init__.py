"""Lip measures of filmed people: read from their sound, followed, and agreed on by two encoders."""
