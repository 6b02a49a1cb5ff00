"""The synthetic corpus: speech engines that say when each phone sounds, and a teacher that moves a face to it."""
