"""Files of other programs made into ours: one file for each origin, the only home of its names."""
