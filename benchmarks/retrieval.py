"""Ablation of the search: each part alone and together, over any folder and questions file.

    python benchmarks/retrieval.py [--documents DIR --questions FILE --home DIR --most N]

Prints a Markdown table: any@1, any@5, any@10, all@10 and MRR@10 over the questions with evidence,
the share with evidence within the first 150 words, the words of ten hits, and time. A questions
file may give evidence as `doc`, `start` and `end` (benchmarks/paraphrases.jsonl does: questions
over PolNeAR's articles, which are not part of this repository, that share no content word with
their evidence).
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, median

from peers import cut, find_gold, overlaps

from rag import Assistant, Hit, Settings, tuned
from rag.cases import Case, EvidenceText, load_questions
from rag.evaluate import evaluate
from rag.models import BothRerankers, LateInteraction, open_cross_encoder
from rag.search.fusion import rerank
from rag.search.retrieve import Retriever
from rag.types import Answer, Passage, Query, Scope

MEASURES = ("any@1", "any@5", "any@10", "all@10", "mrr@10")
RRF_K = 60  # Cormack, Clarke and Büttcher 2009
K = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=Path, default=Path("seeds"))
    parser.add_argument("--questions", type=Path, default=Path("seeds/questions.jsonl"))
    parser.add_argument("--home", type=Path, help="an index to use or make (default: a new one)")
    parser.add_argument("--most", type=int, default=0, help="only the first N questions")
    parser.add_argument("--embedder", default="", help="another embedding model (path or name)")
    parser.add_argument("--only", nargs="*", default=[], help="only rows that start so")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(
            home=options.home or Path(temporary),
            documents=options.documents,
            embedder=options.embedder,
            rerank="off",
        )
        assistant = Assistant(settings)
        started = time.perf_counter()
        embedded = assistant.sync().embedded
        took = time.perf_counter() - started
        if embedded:
            print(f"Synced {embedded} passages in {took:.0f} s: {embedded / took:.0f} a second.\n")
        cases = read_cases(options.questions, assistant)[: options.most or None]
        rows = make_rows(assistant)
        print(f"{len(cases)} questions of {options.questions}\n")
        print(f"| search | {' | '.join(MEASURES)} | in 150 words | words@10 | p50 ms |")
        print(f"|---|{'---|' * (len(MEASURES) + 3)}")
        for name, search in rows.items():
            if not options.only or name.startswith(tuple(options.only)):
                print(measure(name, search, cases, assistant), flush=True)


def make_rows(assistant: Assistant) -> dict[str, Callable[[Query], list[Hit]]]:
    _, plain = assistant.index.open()
    parts = (plain._library, plain._vectors, plain._embedder)
    late, cross = LateInteraction(), open_cross_encoder()
    shipped = Retriever(*parts, late)
    both = Retriever(*parts, BothRerankers(late, cross))

    def whole(query: Query) -> Query:
        return replace(query, parts=(), every_document=False, topic=query.text)

    return {
        "lexical (BM25)": lambda q: plain.search_lexical(whole(q), k=tuned.POOL),
        f"dense ({plain._embedder.name})": lambda q: plain.search_dense(whole(q), k=tuned.POOL),
        "RRF of both": lambda q: reciprocal_rank(plain, whole(q)),
        "fusion by coverage": lambda q: plain.search_fused(whole(q)),
        "fusion + cross-encoder": lambda q: rerank(
            q.text, plain.search_fused(whole(q)), reranker=cross, heads={}
        ),
        "fusion + late interaction": lambda q: rerank(
            q.text, plain.search_fused(whole(q)), reranker=late, heads={}
        ),
        "fusion, question taken apart": lambda q: plain.search(q, k=K),
        "as shipped: taken apart + late interaction": lambda q: shipped.search(q, k=K),
        "taken apart + late interaction + cross-encoder": lambda q: both.search(q, k=K),
    }


def read_cases(path: Path, assistant: Assistant) -> list[Case]:
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    if "start" not in first:
        return [c for c in load_questions(path) if c.evidence]
    cases: list[Case] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = assistant.index.get_document(row["doc"])
        if document is None:
            raise SystemExit(f"{row['doc']} is not among the documents.")
        evidence = EvidenceText(row["doc"], document.text[row["start"] : row["end"]])
        cases.append(Case(row["id"], "paraphrase", row["question"], evidence=(evidence,)))
    return cases


def measure(
    name: str,
    search: Callable[[Query], list[Hit]],
    cases: Sequence[Case],
    assistant: Assistant,
) -> str:
    nothing = Answer("", "", "abstained", "none")
    found: list[list[Hit]] = []
    times: list[float] = []

    def ask(case: Case, _: Scope | None) -> tuple[Answer, Sequence[Hit]]:
        started = time.perf_counter()
        hits = search(assistant.read(case.question, history=case.history))[:K]
        times.append((time.perf_counter() - started) * 1000)
        found.append(hits)
        return nothing, hits

    report = evaluate(cases, ask=ask, get_document=assistant.index.get_document)
    scores = " | ".join(f"{report.table['all'][m] or 0:.3f}" for m in MEASURES)
    texts = {e.doc: "" for c in cases for e in c.evidence}
    texts |= {h.passage.document_id: "" for hits in found for h in hits}
    for id_ in texts:
        document = assistant.index.get_document(id_)
        texts[id_] = document.text if document else ""
    spans = [
        [(h.passage.document_id, h.passage.start, h.passage.end) for h in hits] for hits in found
    ]
    within = fmean(
        overlaps(cut(s, 150, texts), find_gold(c, texts)) for s, c in zip(spans, cases, strict=True)
    )
    words = fmean(sum(len(h.passage.text.split()) for h in hits) for hits in found)
    return f"| {name} | {scores} | {within:.3f} | {words:.0f} | {median(times):.0f} |"


def reciprocal_rank(retriever: Retriever, query: Query) -> list[Hit]:
    """Plain reciprocal rank fusion: what most hybrid searches do, as a baseline."""
    scores: dict[Passage, float] = {}
    for hits in (
        retriever.search_lexical(query, k=tuned.POOL),
        retriever.search_dense(query, k=tuned.POOL),
    ):
        for rank, hit in enumerate(hits, start=1):
            scores[hit.passage] = scores.get(hit.passage, 0.0) + 1 / (RRF_K + rank)
    ranked = sorted(scores, key=lambda p: (-scores[p], p.document_id, p.start))
    return [Hit(p, scores[p], ()) for p in ranked]


if __name__ == "__main__":
    main()
