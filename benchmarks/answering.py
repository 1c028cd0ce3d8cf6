"""How likely a sentence answers: learns the weights, and tells what they keep and decline.

    .venv/bin/python benchmarks/answering.py --set DOCUMENTS QUESTIONS [--set …] [--held …]

Each question with evidence is asked twice: in full, where a sentence that overlaps the evidence
answers, and with the documents left out that hold it, where none does. What orders sentences, and
what says how likely the best one answers, is learnt on the sets (each weighs the same), and scored
on each by what was learnt on the others alone. Sets named by `--held` are scored and never learnt
from. Prints a table with commit and settings, and the rows of `tuned.RANKS` and `tuned.ANSWERS`.
"""

import argparse
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag import Assistant, Settings, tuned
from rag.answer.answering import Answering
from rag.answer.likelihood import Features
from rag.answer.quotes import read_sentences
from rag.cases import Case, load_questions
from rag.evaluate import find_evidence, find_holders
from rag.language.words import fold_typography, fold_with_offsets
from rag.types import Scope

ROOT = Path(__file__).parent.parent
Floats = NDArray[np.float64]
STEPS, RIDGE = 400, 0.02
GAPS = (0.0, 0.4, tuned.KEEP_QUOTE, 1.5, tuned.KEEP_PARTS)
# Each feature speaks for a sentence, but that it asks: what is learnt against that is chance.
SIGNS = np.array([*np.ones(12), -1.0])
THRESHOLDS = (0.05, 0.1, 0.15, tuned.ABSTAIN_BELOW, 0.3, 0.4)


@dataclass(frozen=True)
class Asked:
    """The sentences of one question (n, features), and which of them are right (n,)."""

    left_out: bool
    features: Floats
    right: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=("DOCS", "FILE"))
    parser.add_argument("--held", nargs=2, action="append", default=[], metavar=("DOCS", "FILE"))
    options = parser.parse_args()
    learnt = [(Path(d), Path(q)) for d, q in options.set] or [
        (ROOT / "seeds", ROOT / "seeds/questions.jsonl")
    ]
    held = [(Path(d), Path(q)) for d, q in options.held]
    asked = {str(q): ask_twice(d, load_questions(q)) for d, q in (*learnt, *held)}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    print(f"\ncommit {commit}; {len(learnt)} sets learnt from, {len(held)} held back\n")
    print("| set | n | first is right | area under the curve |"
          + "".join(f" {t:g} |" for t in THRESHOLDS))  # fmt: skip
    print("|---|---|---|---|" + "---|" * len(THRESHOLDS))
    names = [str(q) for _, q in learnt]
    for name in asked:
        others = [asked[n] for n in names if n != name] or [asked[n] for n in names]
        order = rank(others)
        print(row(name, asked[name], order, learn(others, order)))
    print(
        "\nthe last columns: right answers kept / near-misses declined from that probability on\n"
    )
    print("\na second and a third quote that are so near the first: share of the quotes in the"
          " evidence / questions whose evidence is quoted\n")  # fmt: skip
    print("| set |" + "".join(f" {g:g} |" for g in GAPS))
    print("|---|" + "---|" * len(GAPS))
    for name in asked:
        others = [asked[n] for n in names if n != name] or [asked[n] for n in names]
        print(f"| {Path(name).stem} |{gap_cells(asked[name], rank(others))}")
    every = [asked[n] for n in names]
    order = rank(every)
    features = [feature for feature, _ in tuned.ANSWERS]
    for name, weights in (("RANKS", order), ("ANSWERS", learn(every, order))):
        found = zip(features, weights, strict=False)
        print(name, ", ".join(f'("{feature}", {weight:.2f})' for feature, weight in found))


def ask_twice(folder: Path, cases: list[Case]) -> list[Asked]:
    """Every question of `cases` that has evidence in `folder`, in full and with it left out."""
    found: list[Asked] = []
    with tempfile.TemporaryDirectory() as temporary:
        assistant = Assistant(Settings(home=Path(temporary), documents=folder, provider="none"))
        assistant.sync()
        library, retriever = assistant.index.open()
        documents = {d.id: library.get_document(d.id) for d in library.list_documents()}
        texts = {i: fold_typography(d.text) for i, d in documents.items() if d is not None}
        folded = {i: fold_with_offsets(d.text) for i, d in documents.items() if d is not None}
        for case in cases:
            gold = [
                span
                for e in case.evidence
                if e.doc in folded and (span := find_evidence(e, folded[e.doc])) is not None
            ]
            if not gold:
                continue
            left = tuple(sorted(set(texts) - find_holders(case, texts))) or ("\x00",)
            for within in (None, Scope(documents=left)):
                query = retriever.read(case.question, history=case.history)
                query = replace(query, within=within)
                wanted = assistant.settings.evidence
                context = Answering(
                    case.question,
                    query,
                    retriever.search(query, k=wanted),
                    library=library,
                    retriever=retriever,
                    wanted=wanted,
                )
                rows = read_sentences(
                    query,
                    context.evidence,
                    documents=context.documents,
                    rarity=context.rarity,
                    read=context.match_sentences,
                    asking=context.asking,
                    voices=context.voices,
                )
                if rows:
                    right = [
                        any(i == d and s < end and start < e for d, start, end in gold)
                        for (i, s, e), _, _ in rows
                    ]
                    values = [values_of(features) for _, _, features in rows]
                    found.append(Asked(within is not None, np.array(values), np.array(right)))
        assistant.close()
    return found


def values_of(features: Features) -> tuple[float, ...]:
    return (*features.values(), 1.0)


def rank(sets: list[list[Asked]]) -> Floats:
    """The weights that order sentences: those of a softmax over each question's, by ascent.

    Every set weighs the same; the ridge is on features of unit spread; none counts the wrong way.
    """
    asked = [[q for q in questions if not q.left_out and q.right.any()] for questions in sets]
    rows = np.concatenate([q.features[:, :-1] for questions in sets for q in questions])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    data = [
        ((q.features[:, :-1] - mean) / spread, q.right, 1 / len(questions))
        for questions in asked
        for q in questions
    ]
    found, speed = np.zeros(len(mean)), np.zeros(len(mean))
    for _ in range(STEPS):
        slope = -RIDGE * found
        for x, right, weight in data:
            p = np.exp(x @ found - (x @ found).max())
            p /= p.sum()
            q = p * right / (p * right).sum()
            slope += weight * (x.T @ (q - p))
        speed = 0.9 * speed + 0.5 * slope / len(sets)
        found = (found + speed) * ((found + speed) * SIGNS > 0)
    weights: Floats = found / spread
    return weights


def learn(sets: list[list[Asked]], order: Floats) -> Floats:
    """The weights that say how likely the best sentence of a question answers.

    A logistic regression by Newton's method, with a ridge on features of unit spread; features
    that would count the wrong way are left out.
    """
    rows, right, weights = [], [], []
    for questions in sets:
        for asked in questions:
            best = int(np.argmax(asked.features[:, :-1] @ order))
            rows.append(asked.features[best])
            right.append(bool(asked.right[best]) and not asked.left_out)
            weights.append(100 / len(questions))
    x, y, w = np.array(rows), np.array(right, dtype=float), np.array(weights)
    kept = np.ones(x.shape[1] - 1, dtype=bool)
    while True:
        found = _logistic(x[:, [*kept, True]], y, w)
        wrong = found[:-1] * SIGNS[kept] <= 0
        if not wrong.any():
            every = np.zeros(x.shape[1])
            every[[*kept, True]] = found
            return every
        kept[np.flatnonzero(kept)[wrong]] = False


def _logistic(x: Floats, y: Floats, w: Floats) -> Floats:
    mean, spread = x[:, :-1].mean(axis=0), x[:, :-1].std(axis=0) + 1e-9
    z = np.c_[(x[:, :-1] - mean) / spread, np.ones(len(x))]
    ridge = np.diag([*np.full(z.shape[1] - 1, 20.0), 1e-6])
    found = np.zeros(z.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-z @ found))
        slope = z.T @ (w * (p - y)) + ridge @ found
        found -= np.linalg.solve((z.T * (w * p * (1 - p))) @ z + ridge, slope)
    plain = found[:-1] / spread
    return np.array([*plain, found[-1] - (plain * mean).sum()])


def gap_cells(questions: list[Asked], order: Floats) -> str:
    """Of the questions in full whose evidence was found."""
    cells = ""
    for gap in GAPS:
        quoted, right, held, count = 0, 0, 0, 0
        for asked in questions:
            if asked.left_out or not asked.right.any():
                continue
            near = asked.features[:, :-1] @ order
            best = np.argsort(-near)[: tuned.MAX_QUOTES]
            kept = best[near[best[0]] - near[best] <= gap]
            quoted += len(kept)
            right += int(asked.right[kept].sum())
            held += bool(asked.right[kept].any())
            count += 1
        cells += f" {right / max(quoted, 1):.2f} / {held / max(count, 1):.2f} |"
    return cells


def row(name: str, questions: list[Asked], order: Floats, weights: Floats) -> str:
    right: list[float] = []
    missed: list[float] = []
    first = full = 0
    for asked in questions:
        best = int(np.argmax(asked.features[:, :-1] @ order))
        chance = float(1 / (1 + np.exp(-asked.features[best] @ weights)))
        if asked.left_out:
            missed.append(chance)
        elif asked.right.any():
            full += 1
            if asked.right[best]:
                first += 1
                right.append(chance)
    a, b = np.array(right), np.array(missed)
    area = float((a[:, None] > b[None, :]).mean()) if len(a) and len(b) else float("nan")
    cells = "".join(f" {(a >= t).mean():.2f} / {(b < t).mean():.2f} |" for t in THRESHOLDS)
    return f"| {Path(name).stem} | {full} | {first / max(full, 1):.3f} | {area:.3f} |{cells}"


if __name__ == "__main__":
    main()
