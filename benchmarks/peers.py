"""Onrecord beside its peers: the same documents, questions and embedder, in one run.

    python benchmarks/peers.py --set NAME DOCUMENTS QUESTIONS [--set …] [--most 150]

Peers are installed in an environment of their own (`.peers/`, from peers-requirements.txt) and run
in it. Each builds its index in one process and is asked in another, every question twice: the
first answer counts from that process's start ("cold"), time and CPU are of the second round, memory
is the process's largest, files what it left on disk. A peer that returns longer passages finds more
in its first one: so beside each figure stands what Onrecord finds in as many words (its hits in
order, the last one cut), question by question.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from peers_worker import measure

from rag import Assistant, Settings
from rag.cases import Case, load_questions
from rag.evaluate import find_evidence
from rag.language.words import fold_with_offsets
from rag.models.onnx import EMBEDDER_FOLDER, packaged

HERE = Path(__file__).resolve().parent
PEERS = (
    "LlamaIndex starter",
    "LlamaIndex RRF",
    "LlamaIndex RRF, passages",
    "txtai hybrid, lines",
    "txtai hybrid, passages",
)
# Needs Python 3.12: an environment of its own, with haiku.rag-slim, onnxruntime and tokenizers.
HAIKU = "haiku.rag, passages"
K = 10
Span = tuple[str, int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--set", nargs=3, action="append", metavar=("NAME", "DOCUMENTS", "QUESTIONS"), default=[]
    )
    parser.add_argument("--most", type=int, default=0, help="only the first N questions of a set")
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".peers", help="their venv")
    parser.add_argument("--haiku", type=Path, help="the Python of a venv with haiku.rag-slim")
    parser.add_argument(
        "--ask", nargs=3, metavar=("HOME", "INPUT", "OUTPUT"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.ask:
        ask_ours(*map(Path, options.ask))
        return
    pythons = dict.fromkeys(PEERS, install_peers(options.peers))
    pythons |= {HAIKU: options.haiku} if options.haiku else {}
    for name, documents, questions in options.set or [("seeds", "seeds", "seeds/questions.jsonl")]:
        print(f"\n{name}\n")
        compare(Path(documents), Path(questions), pythons=pythons, most=options.most)


def install_peers(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "-q", "-r"]
        command.append(str(HERE / "peers-requirements.txt"))
        subprocess.run(command, check=True)
    return python


def ask_ours(home: Path, given: Path, wanted: Path) -> None:
    """What `peers_worker` measures of a peer, of Onrecord's search and of its whole answer."""
    task = json.loads(given.read_text(encoding="utf-8"))
    rerank = os.environ.get("RERANK", "late")
    assistant = Assistant(Settings(home=home, provider="none", rerank=rerank))
    assistant.index.ask_once()

    def search(question: str) -> list[list[object]]:
        hits = assistant.search(question, k=task["k"])
        return [
            [h.passage.document_id, h.passage.start, h.passage.end, *(h.focus or (0, 0))]
            for h in hits
        ]

    told = measure(search, task["questions"])
    if rerank != "off":
        answered = measure(lambda q: [assistant.ask(q).text], task["questions"])
        told["answer"] = {k: answered[k] for k in ("p50_ms", "cpu_ms")}
    wanted.write_text(json.dumps(told), encoding="utf-8")


def compare(folder: Path, questions: Path, *, pythons: Mapping[str, Path], most: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        home = work / "home"
        assistant = Assistant(Settings(home=home, documents=folder))
        started, used = time.perf_counter(), time.process_time()
        assistant.sync()
        built = {
            "index_s": time.perf_counter() - started,
            "index_cpu_s": time.process_time() - used,  # without the workers that read the files
        }
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
        passages = {i: library.passage_spans(i) for i in texts}
        task = work / "task.json"
        task.write_text(
            json.dumps(
                {
                    "model": str(packaged(EMBEDDER_FOLDER)[0].parent),
                    "documents": [
                        {"id": i, "text": t, "passages": passages[i]} for i, t in texts.items()
                    ],
                    "questions": [c.question for c in cases],
                    "k": K,
                }
            ),
            encoding="utf-8",
        )
        assistant.close()
        count = sum(map(len, passages.values()))
        print(f"{len(cases)} questions, {len(texts)} documents, {count} passages\n")
        out = work / "out.json"
        ask = [sys.executable, __file__, "--ask", str(home), str(task), str(out)]
        rows = []
        without = built | run(ask, out, RERANK="off")
        without["files_mb"] = megabytes(home)
        mine = built | run(ask, out)
        mine["files_mb"] = megabytes(home)
        ours = [[(d, s, e) for d, s, e, *_ in hits] for hits in mine["hits"]]
        focused = [[(d, s, e) for d, _, _, s, e in hits] for hits in mine["hits"]]
        plain = [[(d, s, e) for d, s, e, *_ in hits] for hits in without["hits"]]
        print("| search | any@1 | words | Onrecord in as many | any@5 | words | Onrecord in as many"
              " | in 150 words |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|")
        print(show("Onrecord", ours, ours, gold, texts), flush=True)
        print(show("Onrecord, focus of each hit", focused, ours, gold, texts), flush=True)
        print(show("Onrecord, reranker off", plain, ours, gold, texts), flush=True)
        rows += [cost("Onrecord", mine), cost("Onrecord, reranker off", without)]
        rows.append(cost("Onrecord, whole answer", {**mine, **mine["answer"]}))
        for peer, python in pythons.items():
            place = work / re.sub(r"\W+", "-", peer)
            place.mkdir()
            worker = [str(python), str(HERE / "peers_worker.py"), peer]
            try:
                told = run([*worker, "build", str(task), str(place), str(out)], out)
                told |= run([*worker, "ask", str(task), str(place), str(out)], out)
            except subprocess.CalledProcessError as error:
                print(f"| {peer} | failed: {error.stderr.strip().splitlines()[-1:]} |", flush=True)
                continue
            told["files_mb"] = megabytes(place)
            theirs = [[tuple(h) for h in hits] for hits in told["hits"]]
            print(show(peer, theirs, ours, gold, texts), flush=True)
            rows.append(cost(peer, told))
        print("\n| cost | index s | cold s | warm p50 ms | CPU ms a question | process MB"
              " | files MB |")  # fmt: skip
        print("|---|---|---|---|---|---|---|")
        print("\n".join(rows), flush=True)


def run(command: Sequence[str], out: Path, **environment: str) -> dict[str, Any]:
    """What a worker wrote to `out`."""
    started = {"STARTED": str(time.time()), "ONRECORD_PROVIDER": "none"}
    subprocess.run(
        command, check=True, capture_output=True, text=True,
        env={**os.environ, **started, **environment},
    )  # fmt: skip
    told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return told


def megabytes(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def cost(name: str, told: dict[str, Any]) -> str:
    return (
        f"| {name} | {told['index_s']:.1f} | {told['cold_s']:.2f} | {told['p50_ms']:.1f}"
        f" | {told['cpu_ms']:.1f} | {told['megabytes']:.0f} | {told['files_mb']:.1f} |"
    )


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
