"""One file for each training task: what a step sees and which losses it has."""
