"""Measures of a sentence → how probable it is that its passages bear it out. Knows no text.

A sum of small trees, each monotone in what speaks for support or against it, learnt from sentences
that people labelled (`benchmarks/grading.py`); the whole model is one readable file. Its scale is
that of the labelled sentences, half of which are borne out.
"""

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

# [measure, threshold, below or at it, above it]; a leaf is log-odds.
Tree = float | list[Any]


def grade(measures: Mapping[str, float]) -> float:
    """How probable it is that a sentence of these `measures` is borne out: 0 to 1."""
    model = _load()
    odds = model["start"] + sum(_walk(tree, measures) for tree in model["trees"])
    return 1 / (1 + math.exp(-odds))


def _walk(tree: Tree, measures: Mapping[str, float]) -> float:
    while isinstance(tree, list):
        name, threshold, low, high = tree
        tree = low if measures[name] <= threshold else high
    return tree


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    text = (files("rag.tuned") / "grading.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
