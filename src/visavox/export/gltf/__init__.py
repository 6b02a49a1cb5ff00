"""glTF: scenes built, characters moved, VRM animation."""
