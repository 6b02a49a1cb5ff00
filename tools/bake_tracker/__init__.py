"""Makes the tracker's asset: the solver that reads motion from landmarks, learned on renders of our own heads, whose motion is known."""
