"""Sentences against passages, as people labelled them or changed them.

    .venv/bin/python benchmarks/sentences.py FILE.jsonl [FILE.jsonl …] [--show]

A line is `{set, text, passages: [{text}], label}` with label `supported` or `unsupported`, or a
pair `{kind, passage, original, text}` of a true sentence and what somebody made of it. Every
sentence of `text` is checked against the passages alone (no markers). Prints, by set or kind, how
many of the unsupported ones are told, and by which complaints, and how many of the supported ones.
"""

import argparse
import json
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.check.reading import Source
from rag.check.support import Complaint, check_claim, read_source
from rag.language.sentences import sentences
from rag.statements import extract
from rag.types import Document, Evidence, Passage

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Claim:
    """A text with the passages that it is to follow from."""

    group: str
    text: str
    passages: tuple[str, ...]
    supported: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every mistake")
    options = parser.parse_args()
    told: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    started = time.process_time()
    for path in options.files:
        for claim in read_claims(path):
            found = check(claim)
            told[claim.group, claim.supported].append(bool(found))
            told["all", claim.supported].append(bool(found))
            if not claim.supported:
                kinds.update({c.kind for c in found})
            if options.show and bool(found) == claim.supported:
                print(f"[{claim.group}] {claim.text}\n     {[c.reason for c in found]}")
    seconds = time.process_time() - started
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    texts = sum(len(v) for (group, _), v in told.items() if group == "all")
    print(
        f"\ncommit {commit}; {texts} texts, {seconds / max(texts, 1) * 1000:.1f} ms of CPU each\n"
    )
    print("| set | unsupported | told | supported | told all the same |\n|---|---|---|---|---|")
    for group in [*sorted({group for group, _ in told} - {"all"}), "all"]:
        false, true = told[group, False], told[group, True]
        print(f"| {group} | {len(false)} | {share(false)} | {len(true)} | {share(true)} |")
    print("\ntold by: " + ", ".join(f"{kind} {times}" for kind, times in kinds.most_common()))


def read_claims(path: Path) -> Iterator[Claim]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "original" in row:
            group, passages = row.get("kind", path.stem), (row["passage"],)
            yield Claim(group, row["original"], passages, supported=True)
            yield Claim(group, row["text"], passages, supported=False)
        else:
            passages = tuple(p["text"] for p in row["passages"])
            yield Claim(row["set"], row["text"], passages, row["label"] == "supported")


def read_passages(claim: Claim) -> list[Source]:
    sources: list[Source] = []
    for number, text in enumerate(claim.passages, start=1):
        document = Document(f"{number}.txt", "", None, None, text, "")
        passage = Evidence(number, Passage(document.id, 0, len(text), text))
        sources.append(read_source(passage, document, extract(document)))
    return sources


def check(claim: Claim) -> list[Complaint]:
    sources = read_passages(claim)
    found: list[Complaint] = []
    for start, end in sentences(claim.text):
        piece = claim.text[start:end]
        said = extract(Document("", "", None, None, piece, ""))
        found += check_claim(piece, cited=sources, said=said)
    return found


def share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "–"


if __name__ == "__main__":
    main()
