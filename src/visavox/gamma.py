"""The power between light and what a screen or a picture file holds: bytes / 255 are light ** (1 / GAMMA).

sRGB has a straight piece near black, which nothing here needs.
"""

GAMMA = 2.2
