"""Who said what, against hand-made annotations: python benchmarks/attribution.py --help

Gold attributions are JSON Lines {doc, source_spans, cue_spans, content_spans}, as PolNeAR's
(Newell et al. 2018) with character spans. Matching follows PARC 3.0 and PolNeAR: a statement and an
attribution are paired one to one, the largest shared content first. *Relaxed*: their contents
share words, and their sources do. *Exact*: both spans hold the same words (quotation marks,
"that" and commas at the ends aside). *Soft* is the share of the words of the contents that match
(Johansson & Moschitti 2013). Direct: all of the content stands in quotation marks.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rag.documents import read_document, scan_folder
from rag.passages import sentences
from rag.statements import extract
from rag.types import Document, Statement

Span = tuple[int, int]
Words = frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--split", choices=("all", "develop", "check"), default="all")
    parser.add_argument("--errors", type=int, default=0, help="print so many errors")
    parser.add_argument("--kind", default="direct")
    options = parser.parse_args()

    scan = scan_folder(options.documents)
    names = sorted(f.id for f in scan.files)
    # Two thirds to develop on, one third never looked at: by the sorted names, which are hashes.
    third = len(names) // 3
    chosen = {"all": names, "check": names[:third], "develop": names[third:]}[options.split]
    documents = {f.id: read_document(f) for f in scan.files if f.id in set(chosen)}
    gold: dict[str, list[Gold]] = defaultdict(list)
    for line in options.gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["doc"] in documents:
            gold[row["doc"]].append(Gold(row, documents[row["doc"]].text))
    started = time.perf_counter()
    found = {id_: extract(d) for id_, d in documents.items()}
    seconds = time.perf_counter() - started
    count = sum(len(sentences(d.text)) for d in documents.values())
    statements = sum(map(len, found.values()))
    print(
        f"{len(documents)} documents, {statements} statements, "
        f"{sum(map(len, gold.values()))} annotated; {count / seconds:.0f} sentences/s"
    )
    report(documents, gold, found, errors=options.errors, kind=options.kind)


class Gold:
    """One annotated attribution."""

    def __init__(self, row: dict, text: str) -> None:  # type: ignore[type-arg]
        def flat(key: str) -> list[Span]:
            return sorted((s, e) for part in row[f"{key}_spans"] for s, e in part)

        self.source, self.cue, self.content = flat("source"), flat("cue"), flat("content")
        self.text = text
        self.kind = kind_of(text, self.content)


def kind_of(text: str, spans: Sequence[Span]) -> str:
    pieces = [text[s:e].strip(" ,.;:") for s, e in spans]
    if not pieces:
        return "indirect"
    if all(p[:1] in '“"„«‘' and p[-1:] in '”"“»’' and len(p) > 2 for p in pieces):
        return "direct"
    return "mixed" if any(c in p for p in pieces for c in '“”"') else "indirect"


def words_of(text: str, spans: Sequence[Span]) -> Words:
    """The positions of the first letters of the words in `spans`."""
    found = set()
    for start, end in spans:
        for i in range(start, end):
            if text[i].isalnum() and (i == 0 or not text[i - 1].isalnum()):
                found.add(i)
    return frozenset(found)


def _with_relative(text: str, span: Span | None) -> Span:
    """`span` and the relative pronoun behind it: PolNeAR's source of "Borges, who said" is "who"."""
    if span is None:
        return (0, 0)
    match = re.compile(r",?\s(?:who|which|that)\b").match(text, span[1])
    return (span[0], match.end() if match else span[1])


def report(
    documents: dict[str, Document],
    gold: dict[str, list[Gold]],
    found: dict[str, list[Statement]],
    *,
    errors: int,
    kind: str,
) -> None:
    counts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    shown = 0
    for id_ in sorted(documents):
        text = documents[id_].text
        golds, ours = gold[id_], found[id_]
        g_content = [words_of(text, g.content) for g in golds]
        g_source = [words_of(text, g.source) for g in golds]
        o_content = [words_of(text, s.content_spans) for s in ours]
        o_source = [words_of(text, [_with_relative(text, s.speaker_span)]) for s in ours]
        kinds = [kind_of(text, s.content_spans) for s in ours]
        pairs = sorted(
            (-len(a & b) - 0.5 * bool(g_source[i] & o_source[j]), i, j)
            for i, a in enumerate(g_content)
            for j, b in enumerate(o_content)
            if a & b
        )
        of_gold: dict[int, int] = {}
        of_ours: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in of_gold and j not in of_ours:
                of_gold[i], of_ours[j] = j, i
        groups = {
            "direct": ("direct",), "mixed": ("mixed",), "indirect": ("indirect",),
            "indirect+mixed": ("indirect", "mixed"), "all": ("direct", "indirect", "mixed"),
        }  # fmt: skip
        for name, members in groups.items():
            for measure in ("content", "relaxed", "exact", "soft"):
                cell = counts[(name, measure)]
                for i, g in enumerate(golds):
                    if g.kind in members:
                        cell[1] += 1
                        j = of_gold.get(i)
                        cell[0] += (
                            _agrees(
                                measure, g_content[i], g_source[i], o_content[j], o_source[j], True
                            )
                            if j is not None
                            else 0
                        )
                for j in range(len(ours)):
                    if kinds[j] in members:
                        cell[2] += 1
        for name, members in groups.items():
            for measure in ("content", "relaxed", "exact", "soft"):
                cell = counts[(name + " precision", measure)]
                for j in range(len(ours)):
                    if kinds[j] in members:
                        cell[1] += 1
                        i = of_ours.get(j)
                        cell[0] += (
                            _agrees(
                                measure, g_content[i], g_source[i], o_content[j], o_source[j], False
                            )
                            if i is not None
                            else 0
                        )
        for j, s in enumerate(ours):
            i = of_ours.get(j)
            wrong = i is not None and not g_source[i] & o_source[j]
            if wrong and shown < errors and kinds[j] in kind:
                shown += 1
                a, b = s.content_spans[0]
                print("OURS", id_, repr(text[max(0, min(s.start, a) - 100) : s.end + 80]), "| SPEAKER",
                      s.mention, "=", s.speaker, s.certain, "| CUE", s.cue, "| GOLD",
                      [text[x:y] for x, y in golds[i].source] if i is not None else None)  # fmt: skip
    print(f"{'':16}{'measure':10}{'gold':>7}{'ours':>7}{'P':>8}{'R':>8}{'F1':>8}")
    for name in ("direct", "mixed", "indirect", "indirect+mixed", "all"):
        for measure in ("content", "relaxed", "exact", "soft"):
            hit, total, ours_n = counts[(name, measure)]
            right, made, _ = counts[(name + " precision", measure)]
            recall = hit / total if total else 0.0
            precision = right / made if made else 0.0
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            print(
                f"{name:16}{measure:10}{total:7.0f}{made:7.0f}{precision:8.3f}{recall:8.3f}{f1:8.3f}"
            )


def _agrees(
    measure: str, g_content: Words, g_source: Words, o_content: Words, o_source: Words, recall: bool
) -> float:
    if measure == "content":
        return 1.0
    sources = bool(g_source & o_source)
    if measure == "relaxed":
        return float(sources)
    if measure == "exact":
        return float(g_content == o_content and g_source == o_source)
    whole = g_content if recall else o_content
    return len(g_content & o_content) / len(whole) if sources and whole else 0.0


if __name__ == "__main__":
    main()
