"""The synthetic corpus: speech engines that say when each phone sounds, and the rule-based animator that moves a face to it."""
