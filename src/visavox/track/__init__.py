"""From pictures of people to landmarks, and from those to motion: the door through which filmed faces come in."""
