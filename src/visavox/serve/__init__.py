"""People and sockets: what sends motion to other programs while it plays."""
