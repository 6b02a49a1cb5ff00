"""One file for each layout of recordings that people have on disk: path -> clips."""
