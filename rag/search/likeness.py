"""How much one text means what others do, by the vectors of an embedder. Knows no documents."""

from collections.abc import Sequence
from typing import Any

from rag.models import Embedder


class Likeness:
    """Compares texts; the vector of each is kept as long as this is."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Any] = {}

    def __call__(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of the vector of `text` with that of each of `others`, in their order."""
        new = [t for t in dict.fromkeys((text, *others)) if t not in self._vectors]
        if new:
            vectors = self._embedder.embed_passages(new)
            self._vectors.update(zip(new, vectors, strict=True))
        return [float(self._vectors[other] @ self._vectors[text]) for other in others]
