"""Ablation of the search: each part alone and together, over any folder and questions file.

    python benchmarks/retrieval.py [--documents DIR --questions FILE --home DIR]

Prints a Markdown table: any@1, any@5, any@10, all@10 and MRR@10 over the questions with evidence.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from rag import Assistant, Hit, Settings
from rag.evaluate import Case, evaluate, load_questions
from rag.models import LateInteraction
from rag.retrieve import POOL, Retriever, rerank
from rag.types import Answer, Passage, Query

MEASURES = ("any@1", "any@5", "any@10", "all@10", "mrr@10")
RRF_K = 60  # Cormack, Clarke and Büttcher 2009


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=Path, default=Path("seeds"))
    parser.add_argument("--questions", type=Path, default=Path("seeds/questions.jsonl"))
    parser.add_argument("--home", type=Path, help="an index to use or make (default: a new one)")
    parser.add_argument("--most", type=int, default=0, help="only the first N questions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary)
        assistant = Assistant(Settings(home=home, documents=options.documents, rerank="off"))
        assistant.sync()
        cases = [c for c in load_questions(options.questions) if c.evidence]
        cases = cases[: options.most or None]
        _, retriever = assistant._open_index()
        reranker = LateInteraction()
        shipped = Retriever(retriever._library, retriever._vectors, retriever._embedder, reranker)
        rows: dict[str, Callable[[Query], list[Hit]]] = {
            "lexical (BM25)": lambda q: retriever.search_lexical(q, k=POOL),
            "dense (bge-small int8)": lambda q: retriever.search_dense(q, k=POOL),
            "RRF of both": lambda q: reciprocal_rank(retriever, q),
            "weighted fusion": lambda q: retriever.search(q, k=POOL),
            "weighted fusion + cross-encoder": lambda q: rerank(
                q.text, retriever.search(q, k=POOL), reranker=reranker
            ),
            "as shipped (cross-encoder for short questions)": lambda q: shipped.search(q, k=POOL),
        }
        print(f"{len(cases)} questions of {options.questions}\n")
        print(f"| search | {' | '.join(MEASURES)} | ms/question |")
        print(f"|---|{'---|' * (len(MEASURES) + 1)}")
        for name, search in rows.items():
            print(measure(name, search, cases, assistant, retriever), flush=True)


def measure(
    name: str,
    search: Callable[[Query], list[Hit]],
    cases: list[Case],
    assistant: Assistant,
    retriever: Retriever,
) -> str:
    nothing = Answer("", "", "abstained", "none")
    report = evaluate(
        cases,
        ask=lambda c: (nothing, search(retriever.read(c.question, history=c.history))),
        get_document=assistant.get_document,
    )
    scores = " | ".join(f"{report.table['all'][m] or 0:.3f}" for m in MEASURES)
    return f"| {name} | {scores} | {report.seconds / len(cases) * 1000:.0f} |"


def reciprocal_rank(retriever: Retriever, query: Query) -> list[Hit]:
    """Plain reciprocal rank fusion: what most hybrid searches do, as a baseline."""
    scores: dict[Passage, float] = {}
    for hits in (retriever.search_lexical(query, k=POOL), retriever.search_dense(query, k=POOL)):
        for rank, hit in enumerate(hits, start=1):
            scores[hit.passage] = scores.get(hit.passage, 0.0) + 1 / (RRF_K + rank)
    ranked = sorted(scores, key=lambda p: (-scores[p], p.document_id, p.start))
    return [Hit(p, scores[p], ()) for p in ranked]


if __name__ == "__main__":
    main()
