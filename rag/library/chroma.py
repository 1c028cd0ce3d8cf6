"""A folder of Chroma as a store of vectors, through LlamaIndex's store. Knows no texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import tuned
from rag.library.database import shrink
from rag.library.store import StoreKind

if TYPE_CHECKING:
    from rag.library.store import Vectors

_COLLECTION = "passages"
_PAGE = 5_000
# Chroma keeps few vectors in its database alone and leaves the other files unwritten.
_DATABASE = "chroma.sqlite3"
_SQLITE = b"SQLite format 3\0"
_PERSISTED = "index_metadata.pickle"
_HNSW = {
    "space": "cosine",
    "ef_search": tuned.HNSW_EF_SEARCH,
    "ef_construction": tuned.HNSW_EF_CONSTRUCTION,
    "max_neighbors": tuned.HNSW_NEIGHBORS,
}


class ChromaStore:
    """One Chroma folder, opened."""

    def __init__(self, path: Path) -> None:
        import chromadb

        self._database = path / _DATABASE
        self._written = False
        known = _is_one(path)
        self._client: Any = chromadb.PersistentClient(
            path=str(path), settings=chromadb.Settings(anonymized_telemetry=False)
        )
        if known:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
        else:
            # Chroma's default space is l2, and a later configuration is ignored.
            self._collection = self._client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )

    def add(self, hashes: Sequence[str], vectors: "Vectors") -> None:
        from llama_index.core.schema import TextNode

        self._written = True
        nodes = [
            TextNode(id_=h, text="", embedding=v)
            for h, v in zip(hashes, vectors.tolist(), strict=True)
        ]
        for start, stop in self._batches(len(nodes)):
            self._nodes().add(nodes[start:stop])

    def remove(self, hashes: Sequence[str]) -> None:
        for start, stop in self._batches(len(hashes)):
            self._nodes().delete_nodes(node_ids=list(hashes[start:stop]))

    def search(self, query: "Vectors", *, k: int) -> list[tuple[str, float]]:
        result = self._collection.query(
            query_embeddings=[query.tolist()], n_results=k, include=["distances"]
        )
        pairs = zip(result["ids"][0], result["distances"][0], strict=True)
        return [(h, 1.0 - float(distance)) for h, distance in pairs]

    def count(self) -> int:
        return int(self._collection.count())

    def hashes(self) -> list[str]:
        found: list[str] = []
        for offset in range(0, self.count(), _PAGE):
            found += self._collection.get(limit=_PAGE, offset=offset, include=[])["ids"]
        return found

    def close(self) -> None:
        self._client.close()
        if self._written:  # four fifths of it are a queue that Chroma has worked off
            shrink(self._database)

    def _nodes(self) -> Any:
        from llama_index.vector_stores.chroma import ChromaVectorStore

        return ChromaVectorStore(chroma_collection=_VectorsAlone(self._collection))

    def _batches(self, total: int) -> Iterator[tuple[int, int]]:
        size = min(_PAGE, self._client.get_max_batch_size())
        for start in range(0, total, size):
            yield start, start + size


class _VectorsAlone:
    """A collection that keeps of a node its id and vector: the library has everything else.

    LlamaIndex gives with each node its text and six fields, 2.3 KB a passage that nothing reads.
    """

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def add(self, *, ids: list[str], embeddings: "list[list[float]]", **_: object) -> None:
        self._collection.add(ids=ids, embeddings=embeddings)

    def delete(self, *, ids: list[str]) -> None:
        self._collection.delete(ids=ids)


def _is_one(path: Path) -> bool:
    try:
        with (path / _DATABASE).open("rb") as opened:
            return opened.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _lasting(path: Path) -> Iterator[Path]:
    for written in sorted(path.glob(f"*/{_PERSISTED}")):
        yield from sorted(written.parent.iterdir())


CHROMA = StoreKind("chroma", ChromaStore, _is_one, _lasting, tuned.HNSW_OVERFETCH)
