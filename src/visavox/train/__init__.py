"""Training: a loop that knows only tasks, and the tasks."""
