"""The store of clips on disk: written in shards, indexed, verified, read."""

from visavox.data.store.reading import Store, open_store

__all__ = ["Store", "open_store"]
