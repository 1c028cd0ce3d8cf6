"""Chooses the weights of fusion and reranking, and checks them by cross-validation.

    python benchmarks/weights.py --set NAME DOCUMENTS QUESTIONS [--set …] [--most 150]

Scores each setting by the mean of any@1 and any@5 over the sets, each set counting the same, for
plain questions (none taken apart). Prints what five-fold cross-validation reaches, folds drawn
within each set: the setting that is best on four folds, scored on the fifth; and the shipped one.
"""

import argparse
import itertools
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from peers import find_gold, overlaps
from retrieval import read_cases

from rag import Assistant, Settings, tuned
from rag.models import LateInteraction
from rag.search.fusion import _place, fuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LOW, HIGH = (0.0, 0.2, 0.4, 0.6), (0.4, 0.6, 0.8)
SHARE, DEPTH = (0.0, 0.3, 0.5, 0.7, 1.0), (16, 24, 32)
REPEATS, FOLDS = 4, 5
Setting = tuple[float, float, float, int]
SHIPPED: Setting = (*tuned.LEXICAL_WEIGHT, tuned.RERANK_WEIGHT, tuned.RERANK_DEPTH)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages of one question, in order of place: their scores, and which hold evidence."""

    lexical: "Floats"
    dense: "Floats"
    phrases: "Floats"
    late: "Floats"
    good: "NDArray[np.bool_]"
    covered: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", nargs=3, action="append", required=True)
    parser.add_argument("--most", type=int, default=0, help="only the first N questions of a set")
    options = parser.parse_args()
    sets = {
        name: collect(Path(documents), Path(questions), most=options.most)
        for name, documents, questions in options.set
    }
    grid: list[Setting] = [g for g in itertools.product(LOW, HIGH, SHARE, DEPTH) if g[0] <= g[1]]
    if SHIPPED not in grid:
        grid.append(SHIPPED)
    # {set: (settings, questions)}
    scores = {n: np.array([[score(c, g) for c in cs] for g in grid]) for n, cs in sets.items()}
    chosen, held_out, shipped = cross_validate(scores, grid)
    print(f"| | {' | '.join(sets)} | mean |\n|---|{'---|' * (len(sets) + 1)}")
    for label, row in (
        ("chosen on four folds, scored on the fifth", held_out),
        (f"shipped {SHIPPED}", shipped),
    ):
        print(f"| {label} | {' | '.join(f'{row[n]:.3f}' for n in sets)} | "
              f"{np.mean(list(row.values())):.3f} |")  # fmt: skip
    print("\nChosen most often: " + ", ".join(f"{s} ({n})" for s, n in chosen.most_common(4)))


def collect(folder: Path, questions: Path, *, most: int) -> list[Candidates]:
    with tempfile.TemporaryDirectory() as temporary:
        assistant = Assistant(Settings(home=Path(temporary), documents=folder, rerank="off"))
        assistant.sync()
        _, retriever = assistant.index.open()
        late = LateInteraction()
        found: list[Candidates] = []
        for case in read_cases(questions, assistant)[: most or None]:
            query = assistant.read(case.question, history=case.history)
            query = replace(query, topic=query.text, parts=(), every_document=False)
            lexical = retriever.search_lexical(query, k=tuned.POOL)
            dense = retriever.search_dense(query, k=tuned.POOL)
            # Fusing with a weight of 1 or 0 gives each search's scaled scores.
            parts = [
                {h.passage: h.score for h in fuse(lexical, dense, lexical_weight=w)} for w in (1, 0)
            ]
            bonus = fuse(lexical, dense, phrases=query.phrases, lexical_weight=1)
            passages = sorted(parts[0], key=_place)
            texts = {e.doc: "" for e in case.evidence}
            for id_ in texts:
                document = assistant.index.get_document(id_)
                texts[id_] = document.text if document else ""
            gold = find_gold(case, texts)
            phrases = {h.passage: h.score - parts[0][h.passage] for h in bonus}
            found.append(
                Candidates(
                    lexical=np.array([parts[0][p] for p in passages]),
                    dense=np.array([parts[1][p] for p in passages]),
                    phrases=np.array([phrases[p] / tuned.PHRASE_BONUS for p in passages]),
                    late=np.array(late.score(query.text, [p.text for p in passages])),
                    good=np.array(
                        [overlaps([(p.document_id, p.start, p.end)], gold) for p in passages]
                    ),
                    covered=retriever.corpus.coverage(query.terms, lexical[0].passage.text)
                    if lexical
                    else 0.0,
                )
            )
        assistant.close()
    return found


def score(c: Candidates, setting: Setting) -> float:
    """The mean of any@1 and any@5 of one question."""
    low, high, share, depth = setting
    weight = low + (high - low) * c.covered
    fused = weight * c.lexical + (1 - weight) * c.dense + tuned.PHRASE_BONUS * c.phrases
    head = np.argsort(-fused, kind="stable")[:depth]
    late = c.late[head] - c.late[head].min()
    final = (1 - share) * fused[head] / (fused[head].max() or 1) + share * late / (late.max() or 1)
    good = c.good[head[np.argsort(-final, kind="stable")]]
    return (float(good[:1].any()) + float(good[:5].any())) / 2


def cross_validate(
    scores: dict[str, "Floats"], grid: Sequence[Setting]
) -> tuple[Counter[Setting], dict[str, float], dict[str, float]]:
    """(how often each setting was chosen, held-out scores, the shipped setting's)."""
    random = np.random.default_rng(0)
    chosen: Counter[Setting] = Counter()
    held_out: dict[str, list[float]] = {n: [] for n in scores}
    for _ in range(REPEATS):
        folds = {n: random.permutation(s.shape[1]) % FOLDS for n, s in scores.items()}
        for fold in range(FOLDS):
            trained = [s[:, folds[n] != fold].mean(axis=1) for n, s in scores.items()]
            best = int(np.argmax(np.mean(trained, axis=0)))
            chosen[grid[best]] += 1
            for n, s in scores.items():
                held_out[n].append(float(s[best, folds[n] == fold].mean()))
    ours = grid.index(SHIPPED)
    return (
        chosen,
        {n: float(np.mean(v)) for n, v in held_out.items()},
        {n: float(s[ours].mean()) for n, s in scores.items()},
    )


if __name__ == "__main__":
    main()
