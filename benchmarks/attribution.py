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
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rag import Assistant, Settings
from rag.cases import Case, load_questions
from rag.documents.scan import read_document, scan_folder
from rag.language.sentences import sentences
from rag.language.words import fold, fold_typography
from rag.statements import extract
from rag.statements.mentions import is_named
from rag.statements.voices import is_same_speaker
from rag.types import Document, Statement

Span = tuple[int, int]
Words = frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--gold", type=Path, help="annotated attributions to compare with")
    parser.add_argument("--questions", type=Path, help="who-said questions to ask")
    parser.add_argument("--swap", type=int, default=100, help="questions to swap the speaker of")
    parser.add_argument("--split", choices=("all", "develop", "check"), default="all")
    options = parser.parse_args()

    scan = scan_folder(options.documents)
    names = sorted(f.id for f in scan.files)
    # Two thirds to develop on, one third never looked at: by the sorted names, which are hashes.
    third = len(names) // 3
    chosen = set({"all": names, "check": names[:third], "develop": names[third:]}[options.split])
    if options.gold:
        documents = {f.id: read_document(f) for f in scan.files if f.id in chosen}
        gold: dict[str, list[Gold]] = defaultdict(list)
        for line in options.gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["doc"] in documents:
                gold[row["doc"]].append(Gold(row, documents[row["doc"]].text))
        started = time.perf_counter()
        found = {id_: extract(d) for id_, d in documents.items()}
        seconds = time.perf_counter() - started
        count = sum(len(sentences(d.text)) for d in documents.values())
        print(
            f"{len(documents)} documents, {sum(map(len, found.values()))} statements, "
            f"{sum(map(len, gold.values()))} annotated; {count / seconds:.0f} sentences/s\n"
        )
        report(documents, gold, found)
    if options.questions:
        cases = [
            c
            for c in load_questions(options.questions)
            if c.evidence and c.evidence[0].doc in chosen
        ]
        with tempfile.TemporaryDirectory() as home:
            assistant = Assistant(Settings(home=Path(home), documents=options.documents))
            started = time.perf_counter()
            assistant.sync()
            synced = time.perf_counter() - started
            started = time.perf_counter()
            for info in assistant.index.list_documents():
                document = assistant.index.get_document(info.id)
                assert document is not None
                extract(document)
            print(f"\nsync {synced:.1f} s; statements of the same documents, alone: "
                  f"{time.perf_counter() - started:.1f} s")  # fmt: skip
            ask_who_said(assistant, cases)
            ask_swapped(assistant, cases, most=options.swap)


# --- questions ---


def ask_who_said(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Is the first speaker named the right one, is one of the first three?"""
    rows: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for case in cases:
        statements = assistant.ask(case.question).statements
        speakers = list({s.speaker: s for s in reversed(statements)}.values())[::-1]
        right = [names_right(case, s) for s in speakers[:3]]
        for name in (case.type, "all"):
            rows[name].append((any(right[:1]), any(right)))
    print(
        "\n| who-said questions | n | first speaker right | among first three |\n|---|---|---|---|"
    )
    for name, found in rows.items():
        first, three = (sum(f[i] for f in found) / len(found) for i in (0, 1))
        print(f"| {name} | {len(found)} | {first:.3f} | {three:.3f} |")


def ask_swapped(assistant: Assistant, cases: Sequence[Case], *, most: int) -> None:
    """ "What did B say about …" for words of A: declined, or put right, and A's own answered."""
    library, retriever = assistant.index.open()
    named = [name for name, _, count in library.list_speakers() if count > 1 and is_named(name)]
    pick = random.Random(7)
    declined = answered = asked = 0
    for case in pick.sample(list(cases), len(cases)):
        statements = assistant.ask(case.question).statements
        claim = retriever.read(case.question).claim
        if not claim or not statements or not names_right(case, statements[0]):
            continue
        speaker = statements[0].speaker
        if not is_named(speaker):
            continue
        other = pick.choice([n for n in named if not is_same_speaker(n, speaker)])
        swapped = assistant.ask(f"What did {other} say about {claim}?")
        wrong = swapped.status == "answered" and (
            not swapped.statements
            or any(is_same_speaker(other, s.speaker) for s in swapped.statements[:1])
        )
        own = assistant.ask(f"What did {speaker} say about {claim}?")
        declined += not wrong
        answered += bool(own.statements) and own.status == "answered" and is_same_speaker(
            speaker, own.statements[0].speaker
        )  # fmt: skip
        asked += 1
        if asked == most:
            break
    print("\n| “What did … say about” the words of A | n | share |\n|---|---|---|")
    for label, count in (
        ("asked of B, who speaks elsewhere: declined or put right", declined),
        ("asked of A: answered with A's words", answered),
    ):
        print(f"| {label} | {asked} | {count / max(asked, 1):.3f} |")


def names_right(case: Case, statement: Statement) -> bool:
    """Whether name, role or the words beside the statement hold an alternative of the answer."""
    have = _bare(f"{statement.speaker} {statement.role or ''} {statement.mention}")
    return any(
        _bare(alternative) in have or _bare(statement.speaker) in _bare(alternative)
        for alternative in case.answers[0]
    )


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|an?) ", "", fold(fold_typography(text))).strip(" ,.")


# --- annotations ---


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
    """`span` and the relative pronoun behind it: the annotated source of "Borges, who said" is
    "who"."""
    if span is None:
        return (0, 0)
    match = re.compile(r",?\s(?:who|which|that)\b").match(text, span[1])
    return (span[0], match.end() if match else span[1])


def report(
    documents: dict[str, Document],
    gold: dict[str, list[Gold]],
    found: dict[str, list[Statement]],
) -> None:
    # {(kind, measure): [gold attributions met, gold attributions, ours met, ours]}
    counts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    speakers = [0, 0, 0]
    for id_ in sorted(documents):
        pairs = _Pairs(documents[id_].text, gold[id_], found[id_])
        for measure in MEASURES:
            for i, g in enumerate(pairs.gold):
                for kind in KINDS:
                    if g.kind in kind.split("+"):
                        cell = counts[(kind, measure)]
                        cell[0] += pairs.agrees(measure, i, pairs.of_gold.get(i), whole="gold")
                        cell[1] += 1
            for j, own in enumerate(pairs.kinds):
                for kind in KINDS:
                    if own in kind.split("+"):
                        cell = counts[(kind, measure)]
                        cell[2] += pairs.agrees(measure, pairs.of_ours.get(j), j, whole="ours")
                        cell[3] += 1
        for i, g in enumerate(pairs.gold):
            if g.kind == "direct":
                speakers[0] += 1
                match = pairs.of_gold.get(i)
                if match is not None and pairs.kinds[match] == "direct":
                    speakers[1] += 1
                    speakers[2] += pairs.names_alike(i, match)
    print("| content | measure | annotated | ours | precision | recall | F1 |")
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        for measure in MEASURES:
            met, total, hit, made = counts[(kind, measure)]
            recall, precision = met / max(total, 1), hit / max(made, 1)
            f1 = 2 * precision * recall / ((precision + recall) or 1)
            print(f"| {kind} | {measure} | {total:.0f} | {made:.0f} | {precision:.3f} | "
                  f"{recall:.3f} | {f1:.3f} |")  # fmt: skip
    total, matched, right = speakers
    print(f"\nspeakers of direct quotations: precision {right / max(matched, 1):.3f} (of {matched} "
          f"found), recall {right / max(total, 1):.3f} (of {total})")  # fmt: skip


class _Pairs:
    """The annotations and statements of one document, paired one to one by shared content."""

    def __init__(self, text: str, gold: Sequence[Gold], ours: Sequence[Statement]) -> None:
        self.text, self.gold, self.ours = text, gold, ours
        self.kinds = [kind_of(text, s.content_spans) for s in ours]
        self._content = (
            [words_of(text, g.content) for g in gold],
            [words_of(text, s.content_spans) for s in ours],
        )
        self._source = (
            [words_of(text, g.source) for g in gold],
            [words_of(text, [_with_relative(text, s.speaker_span)]) for s in ours],
        )
        nearest = sorted(
            (-len(a & b) - 0.5 * bool(self._source[0][i] & self._source[1][j]), i, j)
            for i, a in enumerate(self._content[0])
            for j, b in enumerate(self._content[1])
            if a & b
        )
        self.of_gold: dict[int, int] = {}
        self.of_ours: dict[int, int] = {}
        for _, i, j in nearest:
            if i not in self.of_gold and j not in self.of_ours:
                self.of_gold[i], self.of_ours[j] = j, i

    def agrees(self, measure: str, i: int | None, j: int | None, *, whole: str) -> float:
        """Whether, or for "soft" how far, annotation `i` and statement `j` agree."""
        if i is None or j is None:
            return 0.0
        if measure == "content":
            return 1.0
        content, source = (self._content[0][i], self._content[1][j]), (
            self._source[0][i], self._source[1][j]
        )  # fmt: skip
        if measure == "exact":
            return float(content[0] == content[1] and source[0] == source[1])
        met = bool(source[0] & source[1])
        if measure == "relaxed":
            return float(met)
        words = content[0] if whole == "gold" else content[1]
        return len(content[0] & content[1]) / len(words) if met and words else 0.0

    def names_alike(self, i: int, j: int) -> bool:
        """Whether the speaker is the annotated source: the same words, or the same name."""
        if self._source[0][i] & self._source[1][j]:
            return True
        source = " ".join(self.text[s:e] for s, e in self.gold[i].source)
        return is_same_speaker(source, self.ours[j].speaker)


MEASURES = ("content", "relaxed", "exact", "soft")
KINDS = ("direct", "mixed", "indirect", "indirect+mixed", "direct+indirect+mixed")


if __name__ == "__main__":
    main()
