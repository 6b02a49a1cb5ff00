"""Many recordings at once: which ones, by whom, what is done already, and what came of each."""
