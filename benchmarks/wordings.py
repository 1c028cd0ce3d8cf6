"""How questions are asked: learns their kinds and parts, and tells how well on unknown writers.

    .venv/bin/python benchmarks/wordings.py [--write]

`benchmarks/wordings.jsonl` holds questions of several writers with their kind and parts. Every
writer's are read by patterns, and then with what was learnt from the others' alone: as which kind,
and how much of the words of each part is found (F1 over words). `--write` learns from all of them
and writes `rag/question/learnt.npz`.
"""

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import tuned
from rag.models import BgeEmbedder
from rag.question.kinds import SENTENCES, Asked, is_small_talk, read_kinds
from rag.question.learnt import (
    SLOTS,
    WEIGHTS,
    Reading,
    Weights,
    find_tokens,
    question_features,
    token_features,
)
from rag.question.recognised import SMALL_TALK

ROOT = Path(__file__).parent.parent
Floats = NDArray[np.float64]
STEPS, RIDGE, MOMENTUM = 400, 0.3, 0.95
# Lighter features are left out: half of them, which decide next to nothing.
LEAST_KIND, LEAST_SLOT = 0.05, 0.1
SLOT_STEPS, SLOT_RIDGE, RATE = 600, 0.3, 0.6


@dataclass(frozen=True)
class Wording:
    question: str
    kind: str
    writer: str
    parts: dict[str, str]


def load_wordings() -> list[Wording]:
    lines = (ROOT / "benchmarks/wordings.jsonl").read_text(encoding="utf-8").splitlines()
    return [Wording(**json.loads(line)) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="learn from all, and keep it")
    options = parser.parse_args()
    wordings = load_wordings()
    embedder = BgeEmbedder()
    vectors = np.array([embedder.embed_query(w.question) for w in wordings])
    if options.write:
        write(learn(wordings, vectors, model=embedder.name))
        return
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    least, other = tuned.LEARNT_KIND, tuned.LEARNT_OTHER
    print(f"commit {commit}, {len(wordings)} wordings, learnt kinds from {least} and {other} on\n")
    print(
        "| writer | of another kind than fact | read as their kind by patterns | … and by what was"
        " learnt | read as another | facts and lists | as such by patterns | … and by what was"
        " learnt | words of parts, F1 |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for writer in sorted({w.writer for w in wordings}):
        others = np.array([w.writer != writer for w in wordings])
        known = [w for w in wordings if w.writer != writer]
        weights = learn(known, vectors[others], model=embedder.name)
        asked = [w for w in wordings if w.writer == writer]
        print(score(writer, asked, vectors[~others], weights), flush=True)


# By what names of `rag.question.kinds` a question of each kind is answered well.
NAMES = {
    "who_said": {"who said it"},
    "what_said": {"what X said"},
    "summary": {"summary"},
    "timeline": {"timeline"},
    "list_speakers": {"who is quoted", "who asked"},
    "which_documents": {"which documents", "how many outlets"},
    "count_times": {"how many times"},
    "count_people": {"how many said it", "how many speak"},
    "comparison": {"comparison", "what X and Y said"},
    "sides": {"sides", "what each document says"},
    "people_for": {"people of a side"},
    "people_against": {"people of a side"},
    "retold": {"how it was told"},
    "chat": {SMALL_TALK},
    "fact": {SENTENCES.name, "whose name"},
    "list_things": {SENTENCES.name},
}


def score(
    writer: str, wordings: Sequence[Wording], vectors: NDArray[np.float32], weights: Weights
) -> str:
    shaped, plain = Counter[str](), Counter[str]()
    shared = wanted = found = 0
    for wording, vector in zip(wordings, vectors, strict=True):
        read = weights.read(wording.question, vector)
        asked = Asked(wording.question, wording.question)
        before = read_kinds(asked)["kind"]
        now = read_kinds(replace(asked, learn=partial(_given, read)))["kind"]
        right, is_plain = NAMES[wording.kind], SENTENCES.name in NAMES[wording.kind]
        counts = plain if is_plain else shaped
        counts["n"] += 1
        counts["before"] += before in right or is_small_talk(wording.question)
        counts["now"] += now in right
        counts["other"] += now not in right | {SENTENCES.name}
        if not is_plain:
            for slot in SLOTS:
                one = Counter(wording.parts.get(slot, "").lower().split())
                two = Counter(getattr(read, slot).lower().split())
                shared += (one & two).total()
                wanted, found = wanted + one.total(), found + two.total()
    told = [
        f"{c['n']} | " + " | ".join(f"{c[k] / c['n']:.3f}" if c["n"] else "–" for k in keys)
        for c, keys in ((shaped, ("before", "now", "other")), (plain, ("before", "now")))
    ]
    f1 = f"{2 * shared / (wanted + found):.3f}" if wanted else "–"
    return f"| {writer} | {told[0]} | {told[1]} | {f1} |"


def _given(read: Reading) -> Reading:
    return read


def learn(wordings: Sequence[Wording], vectors: NDArray[np.float32], *, model: str) -> Weights:
    kinds = sorted({w.kind for w in wordings})
    read = [question_features(w.question) for w in wordings]
    common = Counter(f for features in read for f in features)
    features = {f: n for n, f in enumerate(sorted(f for f, times in common.items() if times > 1))}
    size = vectors.shape[1]
    x = np.zeros((len(wordings), size + len(features)))
    x[:, :size] = tuned.LEARNT_VECTOR * vectors
    for row, own in enumerate(read):
        x[row, [size + features[f] for f in own if f in features]] = tuned.LEARNT_WORD
    y = np.eye(len(kinds))[[kinds.index(w.kind) for w in wordings]]
    kind_weights, bias = fit_softmax(x, y)
    heavy = np.abs(kind_weights[size:]).max(axis=1) >= LEAST_KIND
    features = {f: n for n, f in enumerate(np.array(list(features))[heavy].tolist())}
    kind_weights = np.concatenate([kind_weights[:size], kind_weights[size:][heavy]])
    words, slot_weights = learn_slots(wordings)
    heavy = np.abs(slot_weights).max(axis=1) >= LEAST_SLOT
    words = {f: n for n, f in enumerate(np.array(list(words))[heavy].tolist())}
    slot_weights = slot_weights[heavy]
    return Weights(
        model, kinds, features, kind_weights.astype(np.float32), bias.astype(np.float32),
        words, slot_weights.astype(np.float32),
    )  # fmt: skip


def fit_softmax(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Weights (features, kinds) and biases of a softmax regression, by Nesterov's descent."""
    rate = 3.0 / (x**2).sum(axis=1).max()
    weights, bias = np.zeros((x.shape[1], y.shape[1])), np.zeros(y.shape[1])
    moved, moved_bias = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(STEPS):
        ahead = weights + MOMENTUM * moved
        logits = x @ ahead + bias + MOMENTUM * moved_bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = x.T @ (shares - y) / len(x) + RIDGE / len(x) * ahead
        moved = MOMENTUM * moved - rate * slope
        moved_bias = MOMENTUM * moved_bias - rate * (shares - y).mean(axis=0)
        weights, bias = weights + moved, bias + moved_bias
    return weights, bias


def learn_slots(wordings: Sequence[Wording]) -> tuple[dict[str, int], Floats]:
    """Which words are of which part: a logistic regression for each of `SLOTS`."""
    rows: list[list[str]] = []
    inside: list[list[bool]] = []
    for wording in wordings:
        tokens = find_tokens(wording.question)
        spans = [_span(wording, slot) for slot in SLOTS]
        for place, (start, end) in enumerate(tokens):
            rows.append(token_features(wording.question, tokens, place, wording.kind))
            inside.append([s <= start and end <= e for s, e in spans])
    common = Counter(f for features in rows for f in features)
    words = {f: n for n, f in enumerate(sorted(f for f, times in common.items() if times > 2))}
    pairs = [(row, words[f]) for row, features in enumerate(rows) for f in features if f in words]
    row, column = np.array(pairs).T
    y = np.array(inside, dtype=np.float64)
    weights = np.zeros((len(words), len(SLOTS)))
    moved = np.zeros_like(weights)
    for _ in range(SLOT_STEPS):
        ahead = weights + MOMENTUM * moved
        slope = np.empty_like(weights)
        for slot in range(len(SLOTS)):
            logits = np.bincount(row, ahead[column, slot], minlength=len(rows))
            wrong = 1 / (1 + np.exp(-logits)) - y[:, slot]
            slope[:, slot] = np.bincount(column, wrong[row], minlength=len(words))
        slope = (slope + SLOT_RIDGE * ahead) / len(rows)
        moved = MOMENTUM * moved - RATE * slope
        weights = weights + moved
    return words, weights


def _span(wording: Wording, slot: str) -> tuple[int, int]:
    part = wording.parts.get(slot, "")
    start = wording.question.find(part) if part else -1
    return (start, start + len(part)) if start >= 0 else (-1, -1)


def write(weights: Weights) -> None:
    kept: dict[str, Any] = {
        "model": _bytes(weights.model),
        "kinds": _bytes("\n".join(weights.kinds)),
        "features": _bytes("\n".join(weights.features)),
        "words": _bytes("\n".join(weights.word_features)),
        "kind_weights": weights.kind_weights.astype(np.float16),
        "bias": weights.bias,
        "slot_weights": weights.slot_weights.astype(np.float16),
    }
    np.savez_compressed(WEIGHTS, **kept)
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size / 1000:.0f} KB")


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


if __name__ == "__main__":
    main()
