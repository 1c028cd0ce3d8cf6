"""Vectors by the hash of the text they embed. Knows no model and no vector store."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rag.library.scopes import Scopes
from rag.library.tables import batches
from rag.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embeddings(Scopes):
    """The table of embeddings, a cache: a text that was embedded once never is again."""

    def passage_hashes(self, scope: Scope | None = None) -> list[str]:
        """The distinct text hashes of all passages (in `scope`), sorted."""
        condition, values = self.passages_where(scope or Scope())
        rows = self.rows(
            "SELECT DISTINCT p.text_hash FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE {condition} ORDER BY p.text_hash",
            values,
        )
        return [str(row[0]) for row in rows]

    def cached_hashes(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Those of `hashes` that `model` has embedded already."""
        found: set[str] = set()
        for batch in batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            rows = self.rows(
                f"SELECT text_hash FROM embeddings WHERE model = ? AND text_hash IN ({marks})",
                (model, *batch),
            )
            found.update(str(row[0]) for row in rows)
        return found

    def put_embeddings(self, model: str, hashes: Sequence[str], vectors: "Vectors") -> None:
        """Caches `vectors` (len(hashes), dimensions) as little-endian float16.

        Of bge-small's unit vectors that changes no cosine by more than 0.0003, and four rows fit
        in a page of the file where with float32 each took one and more (4.7 KB a passage).
        """
        self.database.run_many(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
            [(model, h, v.astype("<f2").tobytes()) for h, v in zip(hashes, vectors, strict=True)],
        )

    def get_embeddings(self, model: str, hashes: Sequence[str]) -> tuple[list[str], "Vectors"]:
        """(hashes found, unit vectors (len(found), dimensions)), in the order of the hash."""
        import numpy as np

        found: list[str] = []
        vectors: list[bytes] = []
        for batch in batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            for text_hash, vector in self.rows(
                "SELECT text_hash, vector FROM embeddings"
                f" WHERE model = ? AND text_hash IN ({marks}) ORDER BY text_hash",
                (model, *batch),
            ):
                found.append(text_hash)
                vectors.append(vector)
        if not found:
            return [], np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(vectors), dtype="<f2").reshape(len(found), -1)
        rounded = matrix.astype(np.float32)
        lengths = np.linalg.norm(rounded, axis=1, keepdims=True)
        return found, rounded / np.maximum(lengths, np.finfo(np.float32).tiny)

    def prune_embeddings(self, model: str) -> int:
        """Forgets embeddings of other models and of texts that no passage has; how many."""
        with self.transaction():
            before = self.rows("SELECT count(*) FROM embeddings")[0][0]
            self.run(
                "DELETE FROM embeddings WHERE model <> ?"
                " OR text_hash NOT IN (SELECT text_hash FROM passages)",
                (model,),
            )
            after = self.rows("SELECT count(*) FROM embeddings")[0][0]
        return int(before - after)

    def count_hashes(self, scope: Scope) -> int:
        """How many distinct texts the passages in `scope` have."""
        condition, values = self.passages_where(scope)
        rows = self.rows(
            "SELECT count(DISTINCT p.text_hash) FROM passages p"
            f" JOIN documents d ON d.id = p.document_id WHERE {condition}",
            values,
        )
        return int(rows[0][0])


def hash_text(text: str) -> str:
    """The key of a text's embedding: 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
