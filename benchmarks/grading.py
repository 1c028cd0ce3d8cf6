"""Learns how measures of a sentence tell whether its passages bear it out, and checks it.

    python benchmarks/grading.py FILE.jsonl:WEIGHT [FILE.jsonl:WEIGHT …] [--write]

Lines are as `benchmarks/sentences.py` reads them. Wants scikit-learn, which the product does not.
Prints what five-fold cross-validation reaches on each file, no passage in two folds: macro-F1,
the share of the unsupported that stand and of the supported that do not, with the vetoes of
`check/verdicts.py`, and how well the score is calibrated. `--write` learns from all of it and
writes `rag/tuned/grading.json`.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sentences import ROOT, Claim, read_claims, read_passages

from rag import tuned
from rag.check.claims import tokens
from rag.check.closeness import MEASURES, measure
from rag.check.reading import Complaint, is_content
from rag.check.support import check_claim
from rag.check.verdicts import certain_kinds, strip_frame
from rag.language.sentences import sentences
from rag.statements import extract
from rag.types import Document

FOLDS = 5
TREES, DEPTH, RATE, LEAF, RIDGE = 80, 3, 0.1, 30, 5.0
WRITTEN = ROOT / "rag" / "tuned" / "grading.json"


@dataclass(frozen=True)
class Row:
    """A labelled text: its measures, and whether something in it is certainly wrong."""

    group: str
    values: tuple[float, ...]
    vetoed: bool
    supported: bool
    passage: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", help="FILE.jsonl:WEIGHT")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    shares: dict[str, float] = {}
    for given in options.files:
        path, _, weight = given.rpartition(":")
        shares[Path(path).stem] = float(weight)
        rows += [r for c in read_claims(Path(path)) if (r := read_row(c, Path(path).stem))]
    values = np.array([r.values for r in rows])
    right = np.array([r.supported for r in rows])
    weights = weigh(rows, shares)
    scores = np.zeros(len(rows))
    for train, test in fold(rows):
        model = learn(values[train], right[train], weights[train])
        scores[test] = model.predict_proba(values[test])[:, 1]
    report(rows, scores, list(shares))
    if options.write:
        write(learn(values, right, weights), options.files)


def read_row(claim: Claim, group: str) -> Row | None:
    sources = read_passages(claim)
    text = strip_frame(claim.text)
    claim_tokens = tokens(text)
    if not any(is_content(t) for t in claim_tokens) or not any(s.lines for s in sources):
        return None
    found: list[Complaint] = []
    for start, end in sentences(text):
        piece = text[start:end]
        said = extract(Document("", "", None, None, piece, ""))
        found += check_claim(piece, cited=sources, said=said)
    measures = measure(claim_tokens, sources, found)
    values = tuple(measures[name] for name in MEASURES)
    vetoed = bool(certain_kinds(measures, found))
    return Row(group, values, vetoed, claim.supported, claim.passages[0])


def weigh(rows: Sequence[Row], shares: dict[str, float]) -> Any:
    """Each file counts as much as its weight says, its two labels the same."""
    keys = [(r.group, r.supported) for r in rows]
    times = {key: keys.count(key) for key in set(keys)}
    return np.array([100 * shares[group] / times[group, label] for group, label in keys])


def fold(rows: Sequence[Row]) -> Any:
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    strata = [f"{r.group} {r.supported}" for r in rows]
    return folds.split(strata, strata, [r.passage for r in rows])


def learn(values: Any, right: Any, weights: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_iter=TREES,
        learning_rate=RATE,
        min_samples_leaf=LEAF,
        l2_regularization=RIDGE,
        monotonic_cst=list(MEASURES.values()),
        random_state=0,
    )
    used = weights > 0
    return model.fit(values[used], right[used], sample_weight=weights[used])


def report(rows: Sequence[Row], scores: Any, groups: Sequence[str]) -> None:
    stands = (scores >= tuned.BORNE_OUT) & ~np.array([r.vetoed for r in rows])
    print("| file | n | AUC | macro-F1 | false stand | true do not |\n|---|---|---|---|---|---|")
    for group in groups:
        mine = np.array([r.group == group for r in rows])
        right = np.array([r.supported for r in rows])[mine]
        told, score = stands[mine], scores[mine]
        auc = (score[right][:, None] > score[~right][None]).mean()
        f1 = (_f1(told, right) + _f1(~told, ~right)) / 2
        accepted, warned = told[~right].mean(), (~told[right]).mean()
        print(f"| {group} | {mine.sum()} | {auc:.3f} | {f1:.3f} | {accepted:.3f} | {warned:.3f} |")
    right = np.array([r.supported for r in rows])
    print("\nscore: share borne out (n), each label of each file counted the same")
    weights = weigh(rows, dict.fromkeys(groups, 1.0))
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        within = (scores >= low) & (scores < low + 0.2)
        share = np.average(right[within], weights=weights[within]) if within.any() else 0.0
        print(f"{low:.1f}–{low + 0.2:.1f}: {share:.2f} ({within.sum()})")


def _f1(told: Any, right: Any) -> float:
    both = (told & right).sum()
    return float(2 * both / max(1, told.sum() + right.sum()))


def write(model: Any, given: Sequence[str]) -> None:
    """The trees as nested lists: [measure, threshold, below or at it, above it]."""
    names = list(MEASURES)

    def read(nodes: Any, at: int) -> Any:
        node = nodes[at]
        if node["is_leaf"]:
            return round(float(node["value"]), 4)
        low, high = read(nodes, node["left"]), read(nodes, node["right"])
        return [names[node["feature_idx"]], round(float(node["num_threshold"]), 4), low, high]

    trees = [read(stage[0].nodes, 0) for stage in model._predictors]
    learnt = ", ".join(Path(g.rpartition(":")[0]).stem + ":" + g.rpartition(":")[2] for g in given)
    lines = ",\n".join(json.dumps(tree) for tree in trees)
    start = round(float(model._baseline_prediction.ravel()[0]), 4)
    WRITTEN.write_text(
        f'{{"learnt": {json.dumps(learnt)},\n"start": {start},\n"trees": [\n{lines}\n]}}\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
