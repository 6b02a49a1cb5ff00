"""Motion of one rig on another: by names, and by fit."""
