"""Scale on one machine: sync and query at growing sizes, memory, no-change sync, embedding rate.

    python benchmarks/scale.py [--passages 1000 10000 100000] [--questions 200] [--library HOME]

Documents are made of sentences of Python's own documentation, shuffled, with a made-up name each;
words are therefore far more frequent than in real text, which is the hard case for a lexical
index. A passage's vector is the mean of the real ones of its sentences, and some noise (embedding
100,000 passages takes half an hour and is measured by itself below); questions go through the real
models. Every query figure comes from a process of its own.
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from rag import Assistant, Settings
from rag.models import BgeEmbedder, LateInteraction, in_parallel
from rag.models.late import Tokens

if TYPE_CHECKING:
    from rag.models.search import Vectors

PASSAGES_A_DOCUMENT = 10
SENTENCES_A_DOCUMENT = 58  # about ten passages
SEED = 7
NOISE = 0.05  # beside a sum of some six unit vectors: the cosine of two samples is .99
SENTENCE = re.compile(r"[^.!?]{20,}[.!?]")


class MeanVectors(BgeEmbedder):
    """Real vectors for questions; for a passage the mean of those of its sentences, and noise."""

    name = "means"
    _known: "dict[str, Vectors]"

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not hasattr(self, "_known"):
            pool = sentences()
            self._known = dict(zip(map(_key, pool), super().embed_passages(pool), strict=True))
        rows = []
        for text in texts:
            random_ = np.random.default_rng(zlib.crc32(text.encode()))
            row = random_.standard_normal(384).astype(np.float32) * NOISE
            rows.append(sum((self._known.get(_key(s), 0.0) for s in SENTENCE.findall(text)), row))
        matrix = np.array(rows, dtype=np.float32)
        unit: Vectors = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        return unit


def _key(sentence: str) -> str:
    """What a sentence keeps when somebody is said to have said it."""
    return sentence[-40:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--passages", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument(
        "--library", type=Path, action="append", default=[], help="a home that is made already"
    )
    parser.add_argument("--no-embedding", action="store_true", help="leave out the second table")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)  # a query process
    parser.add_argument("--rerank", default="off", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.home:
        print(json.dumps(measure_queries(options.home, options.questions, options.rerank)))
        return
    print(
        "| passages | sync s | no-change sync s | without rerank p50 ms | p95 ms | answer p50 ms"
        " | p95 ms | query process MB | files MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    points = []
    for size in options.passages:
        points.append(measure_size(size, options.questions))
    points += [measure_library(home, options.questions) for home in options.library]
    print(draw(points))
    if options.no_embedding:
        return
    print("\n| embedding | passages/s |\n|---|---|")
    for name, rate in measure_embedding().items():
        print(f"| {name} | {rate:.1f} |")


@dataclass(frozen=True)
class Point:
    """Milliseconds of an answer over so many passages."""

    passages: int
    p50: float
    p95: float


def measure_size(size: int, questions: int) -> Point:
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary) / "documents", Path(temporary) / "home"
        make_documents(folder, size // PASSAGES_A_DOCUMENT)
        assistant = Assistant(
            Settings(home=home, documents=folder, rerank="off"), embedder=MeanVectors()
        )
        first, again = seconds(assistant.sync), seconds(assistant.sync)
        keep_random(assistant)
        assistant.close()
        return measure_library(home, questions, f"{first:.1f} | {again:.2f}")


def measure_library(home: Path, questions: int, synced: str = " | ") -> Point:
    """A row of the table of the library in `home`."""
    assistant = Assistant(Settings(home=home, rerank="off"), embedder=MeanVectors())
    passages = int(assistant.status()["passages"])
    assistant.close()
    plain, reread = (ask_in_process(home, questions, kind) for kind in ("off", "late"))
    files = sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) / 1e6
    print(
        f"| {passages} | {synced} | {plain['p50']:.0f} | {plain['p95']:.0f}"
        f" | {reread['p50']:.0f} | {reread['p95']:.0f} | {reread['megabytes']:.0f} | {files:.0f} |",
        flush=True,
    )
    return Point(passages, reread["p50"], reread["p95"])


def draw(points: Sequence[Point]) -> str:
    """A chart of an answer's time against passages, in the words that GitHub draws it from."""
    points = sorted(points, key=lambda point: point.passages)
    names = ", ".join(f'"{point.passages:,}"' for point in points)
    medians = ", ".join(f"{point.p50:.0f}" for point in points)
    slow = ", ".join(f"{point.p95:.0f}" for point in points)
    return f"""
```mermaid
xychart-beta
    title "Milliseconds of an answer: median, and the 95th of 100"
    x-axis "passages" [{names}]
    y-axis "ms" 0 --> {max(point.p95 for point in points) * 1.1:.0f}
    line [{medians}]
    line [{slow}]
```"""


def keep_random(assistant: Assistant) -> None:
    """Random vectors of some 120 words for every passage: making real ones takes half an hour."""
    import numpy as np

    library, shelf = assistant._home.find_library(), assistant._home.tokens
    assert library is not None
    random_ = np.random.default_rng(SEED)
    hashes = library.passage_hashes()
    for start in range(0, len(hashes), 1_000):
        made = {}
        for text_hash in hashes[start : start + 1_000]:
            starts = np.arange(122, dtype=np.uint16) * 6
            codes = random_.integers(0, 256, (122, 64), dtype=np.uint8)
            made[text_hash] = Tokens(starts, codes).to_bytes()
        shelf.keep(LateInteraction.name, made).result()


def ask_in_process(home: Path, questions: int, rerank: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--home", str(home), "--rerank", rerank]
    done = subprocess.run(
        [*command, "--questions", str(questions)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure_queries(home: Path, count: int, rerank: str) -> dict[str, float]:
    """Milliseconds of a warm answer, and the process's largest memory."""
    assistant = Assistant(
        Settings(home=home, rerank=rerank, provider="none"), embedder=MeanVectors()
    )
    random_ = random.Random(SEED)
    questions = [make_question(random_) for _ in range(count + 20)]
    times = []
    for question in questions:
        times.append(seconds(lambda q=question: assistant.ask(q)) * 1000)
    times = times[20:]
    return {
        "p50": median(times),
        "p95": quantiles(times, n=20)[-1],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_embedding(texts: int = 384, rounds: int = 3) -> dict[str, float]:
    """Passages a second: the bare ONNX session on all cores, and a whole sync of new documents."""
    import numpy as np

    best = {"raw ONNX, all cores": 0.0, "whole sync": 0.0}
    with tempfile.TemporaryDirectory() as temporary:
        for number in range(rounds):
            folder, home = Path(temporary) / f"d{number}", Path(temporary) / f"h{number}"
            make_documents(folder, texts // PASSAGES_A_DOCUMENT, seed=number)
            embedder = BgeEmbedder()
            embedder.embed_query("warm")
            settings = Settings(home=home, documents=folder, rerank="off")
            assistant = Assistant(settings, embedder=embedder)
            took = seconds(assistant.sync)
            library = assistant._home.find_library()
            assert library is not None
            passages = [
                p.text
                for found in library.passages_of_hashes(library.passage_hashes()).values()
                for p in found
            ]
            best["whole sync"] = max(best["whole sync"], len(passages) / took)
            assistant.close()
            session, tokenizer, _ = embedder._encoder._load()
            feeds = []
            for encoding in tokenizer.encode_batch(passages):
                ids = np.array([encoding.ids], dtype=np.int64)
                feeds.append(
                    {
                        "input_ids": ids,
                        "attention_mask": np.ones_like(ids),
                        "token_type_ids": np.zeros_like(ids),
                    }
                )
            inputs = {i.name for i in session.get_inputs()}
            feeds = [{k: v for k, v in f.items() if k in inputs} for f in feeds]
            took = seconds(
                lambda s=session, f=feeds: list(in_parallel(lambda x: s.run(None, x), f))
            )
            best["raw ONNX, all cores"] = max(best["raw ONNX, all cores"], len(passages) / took)
    best["share"] = best["whole sync"] / best["raw ONNX, all cores"]
    return best


def sentences() -> list[str]:
    from pydoc_data.topics import topics

    text = re.sub(r"[*`|\\^~=+#_-]{1,}|\n\s*\n", " ", " ".join(topics.values()))
    found = re.findall(r"[A-Z][^.!?]{40,220}[.!?]", " ".join(text.split()))
    return sorted({s for s in found if len(s.split()) >= 8})


def make_documents(folder: Path, count: int, *, seed: int = SEED) -> None:
    folder.mkdir(parents=True)
    pool, random_ = sentences(), random.Random(seed)
    for number in range(count):
        name = make_name(random_)
        lines = random_.sample(pool, SENTENCES_A_DOCUMENT)
        lines[::9] = [f"{name} said that {s[0].lower()}{s[1:]}" for s in lines[::9]]
        paragraphs = [" ".join(lines[i : i + 6]) for i in range(0, len(lines), 6)]
        text = f"{name} and the {lines[0].split()[1]}\n\n" + "\n\n".join(paragraphs)
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")


def make_name(random_: random.Random) -> str:
    syllables = "ka lo mi ra ven dor sil tor ba nu pel gri sha zor".split()
    return " ".join(
        "".join(random_.choices(syllables, k=random_.randint(2, 3))).title() for _ in range(2)
    )


def make_question(random_: random.Random) -> str:
    """A question of 5 to 20 words of one sentence, a third of them with a name."""
    words = random_.choice(sentences_once()).rstrip(".!?").split()
    words = words[: random_.randint(5, 20)]
    if random_.random() < 1 / 3:
        return f"What did {make_name(random_)} say about {' '.join(words)}?"
    return f"Who said that {' '.join(words)}?"


_POOL: list[str] = []


def sentences_once() -> list[str]:
    if not _POOL:
        _POOL.extend(sentences())
    return _POOL


def seconds(work: object) -> float:
    started = time.perf_counter()
    assert callable(work)
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
