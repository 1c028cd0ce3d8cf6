"""Onrecord beside its peers: the same documents, questions and embedder, in one run.

    python benchmarks/peers.py --set NAME DOCUMENTS QUESTIONS [--set …] [--most 150]

Peers are installed in an environment of their own (`.peers/`, from peers-requirements.txt) and run
in it. A peer that returns longer passages finds more in its first one: so beside each figure stands
what Onrecord finds in as many words (its hits in order, the last one cut), question by question.
"""

import argparse
import json
import re
import subprocess
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from rag import Assistant, Settings
from rag.cases import Case, load_questions
from rag.evaluate import find_evidence
from rag.language.words import fold_with_offsets
from rag.models.onnx import EMBEDDER_FOLDER, packaged

HERE = Path(__file__).resolve().parent
PEERS = (
    "LlamaIndex starter",
    "LlamaIndex RRF",
    "txtai hybrid, lines",
    "txtai hybrid, passages",
)
K = 10
Span = tuple[str, int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--set", nargs=3, action="append", metavar=("NAME", "DOCUMENTS", "QUESTIONS"), default=[]
    )
    parser.add_argument("--most", type=int, default=0, help="only the first N questions of a set")
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".peers", help="their venv")
    options = parser.parse_args()
    python = install_peers(options.peers)
    for name, documents, questions in options.set or [("seeds", "seeds", "seeds/questions.jsonl")]:
        print(f"\n{name}\n")
        compare(Path(documents), Path(questions), python=python, most=options.most)


def install_peers(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "-q", "-r"]
        command.append(str(HERE / "peers-requirements.txt"))
        subprocess.run(command, check=True)
    return python


def compare(folder: Path, questions: Path, *, python: Path, most: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        assistant = Assistant(Settings(home=work / "home", documents=folder))
        assistant.sync()
        library = assistant._home.find_library()
        assert library is not None
        texts = {}
        for info in assistant.index.list_documents():
            document = library.get_document(info.id)
            assert document is not None
            texts[info.id] = document.text
        # Follow-ups need the talk before them, which no peer's retriever takes.
        cases = [c for c in load_questions(questions) if c.evidence and not c.history]
        cases = cases[: most or None]
        gold = [find_gold(c, texts) for c in cases]
        found = [assistant.search(c.question, k=K) for c in cases]
        ours = [
            [(h.passage.document_id, h.passage.start, h.passage.end) for h in hits]
            for hits in found
        ]
        focused = [[(h.passage.document_id, *(h.focus or (0, 0))) for h in hits] for hits in found]
        task = work / "task.json"
        task.write_text(
            json.dumps(
                {
                    "model": str(packaged(EMBEDDER_FOLDER)[0].parent),
                    "documents": [
                        {"id": i, "text": t, "passages": library.passage_spans(i)}
                        for i, t in texts.items()
                    ],
                    "questions": [c.question for c in cases],
                    "k": K,
                }
            ),
            encoding="utf-8",
        )
        print(f"{len(cases)} questions, {len(texts)} documents\n")
        print("| search | any@1 | words | Onrecord in as many | any@5 | words | Onrecord in as many"
              " | in 150 words |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|")
        print(show("Onrecord", ours, ours, gold, texts), flush=True)
        print(show("Onrecord, focus of each hit", focused, ours, gold, texts), flush=True)
        for peer in PEERS:
            out = work / "hits.json"
            command = [str(python), str(HERE / "peers_worker.py"), peer, str(task), str(out)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                print(f"| {peer} | failed: {done.stderr.strip().splitlines()[-1:]} |", flush=True)
                continue
            theirs = [[tuple(h) for h in hits] for hits in json.loads(out.read_text())]
            print(show(peer, theirs, ours, gold, texts), flush=True)


def show(
    name: str,
    found: Sequence[Sequence[Span]],
    ours: Sequence[Sequence[Span]],
    gold: Sequence[Sequence[Span]],
    texts: dict[str, str],
) -> str:
    cells = []
    for k in (1, 5):
        words = [sum(count_words(h, texts) for h in hits[:k]) for hits in found]
        theirs = fmean(overlaps(hits[:k], g) for hits, g in zip(found, gold, strict=True))
        same = fmean(
            overlaps(cut(hits, budget, texts), g)
            for hits, budget, g in zip(ours, words, gold, strict=True)
        )
        cells += [f"{theirs:.3f}", f"{fmean(words):.0f}", f"{same:.3f}"]
    within = fmean(overlaps(cut(h, 150, texts), g) for h, g in zip(found, gold, strict=True))
    return f"| {name} | {' | '.join(cells)} | {within:.3f} |"


def cut(hits: Sequence[Span], words: int, texts: dict[str, str]) -> list[Span]:
    """The first `words` words of `hits`, in order."""
    kept: list[Span] = []
    for document, start, end in hits:
        if words <= 0:
            break
        found = list(re.finditer(r"\S+", texts[document][start:end]))
        if len(found) > words:
            end = start + found[words - 1].end()
        kept.append((document, start, end))
        words -= len(found)
    return kept


def count_words(span: Span, texts: dict[str, str]) -> int:
    document, start, end = span
    return len(texts[document][start:end].split())


def overlaps(hits: Sequence[Span], gold: Sequence[Span]) -> bool:
    return any(h[0] == g[0] and h[1] < g[2] and g[1] < h[2] for h in hits for g in gold)


def find_gold(case: Case, texts: dict[str, str]) -> list[Span]:
    spans = [find_evidence(e, fold_with_offsets(texts.get(e.doc, ""))) for e in case.evidence]
    return [span for span in spans if span is not None]


if __name__ == "__main__":
    main()
