"""Makes rag/models/projection.npy: the matrix by which words' vectors are cut to 128 dimensions.

    .venv/bin/python benchmarks/projection.py

An uncentred PCA of the words of the seeds' passages, which keeps cosines best, then a random
rotation, which changes none but spreads them evenly over the dimensions, so that 4 bits hold each.
"""

from pathlib import Path

import numpy as np

from rag.documents.passages import split
from rag.documents.scan import read_document, scan_folder
from rag.models.late import LateInteraction

ROOT = Path(__file__).parent.parent
DIMENSIONS = 128


def main() -> None:
    late = LateInteraction()
    documents = [read_document(file) for file in scan_folder(ROOT / "seeds").files]
    texts = [p.text for document in documents for p in split(document)]
    words = np.concatenate([_read(late, text) for text in texts])
    values, axes = np.linalg.eigh(words.T @ words / len(words))
    first = axes[:, ::-1][:, :DIMENSIONS]
    turn, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((DIMENSIONS, DIMENSIONS)))
    kept = values[::-1][:DIMENSIONS].sum() / values.sum()
    np.save(ROOT / "rag" / "models" / "projection.npy", (first @ turn).astype(np.float16))
    print(f"{len(words)} words of {len(texts)} passages; {kept:.3f} of their length is kept")


def _read(late: LateInteraction, text: str) -> np.ndarray:
    vectors = late._encoder.run(text, marker=late._TEXT)[0]
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    main()
