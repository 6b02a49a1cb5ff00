"""Variety: how far takes of one sound differ, and whether a style can be recognised. Pure functions."""

import numpy as np


def take_spread(takes: np.ndarray) -> float:
    """How far takes differ: the standard deviation over takes (K, T, C), averaged over frames and channels, in their
    unit.
    """
    return float(np.asarray(takes, float).std(0).mean())


def retrieval_ranks(queries: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """The rank (N,), 1 best, at which query n (N, K) finds member n of the gallery (N, K) by cosine similarity; ties
    count against it.
    """
    similarity = _unit(queries) @ _unit(gallery).T
    own = np.diag(similarity)
    return (similarity >= own[:, None] - 1e-12).sum(1)


def retrieval_gain(ranks: np.ndarray) -> float:
    """How many times more often than by chance the right style comes first: the share of rank 1 times N."""
    return float((np.asarray(ranks) == 1).mean() * len(ranks))


def _unit(vectors: np.ndarray) -> np.ndarray:
    vectors = np.asarray(vectors, float)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
