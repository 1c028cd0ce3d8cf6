"""Where the quotes engine draws the line between answering and declining.

    python benchmarks/abstention.py --set DOCUMENTS QUESTIONS [--set …] [--most 40]

Each set's answerable questions are asked of its own documents (they should be answered); its
unanswerable ones, and the answerable ones of every other set, should be declined. Prints the share
kept and the share refused for a row of thresholds, and what the rules decline before any score.
"""

import argparse
import random
import tempfile
from pathlib import Path

from rag import Assistant, Settings, tuned
from rag.answer.answering import Answering
from rag.answer.quotes import rank_sentences
from rag.cases import Case, load_questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", nargs=2, action="append", metavar=("DOCUMENTS", "QUESTIONS"))
    parser.add_argument("--most", type=int, default=40, help="questions a set and corpus")
    options = parser.parse_args()
    sets = [(Path(d), load_questions(Path(q))) for d, q in options.set or []] or [
        (Path("seeds"), load_questions(Path("seeds/questions.jsonl")))
    ]
    answerable: list[float] = []
    unanswerable: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        for number, (folder, own) in enumerate(sets):
            assistant = Assistant(Settings(home=Path(temporary) / str(number), documents=folder))
            assistant.sync()
            for other, (_, cases) in enumerate(sets):
                chosen = sorted(cases, key=lambda c: c.id)
                random.Random(5).shuffle(chosen)
                for case in chosen[: options.most]:
                    score = best_score(assistant, case)
                    should_answer = cases is own and not case.unanswerable
                    # A question about everything ("how many documents…") may suit any corpus.
                    (answerable if should_answer else unanswerable).append(score)
                print(f"asked set {other} of corpus {number}", flush=True)
            assistant.close()
    ruled = sum(s == 0.0 for s in answerable), sum(s == 0.0 for s in unanswerable)
    print(f"\n{len(answerable)} to answer ({ruled[0]} declined by a rule), "
          f"{len(unanswerable)} to decline ({ruled[1]} by a rule)\n")  # fmt: skip
    print("| threshold | answered of answerable | declined of unanswerable |\n|---|---|---|")
    for threshold in (0.0, 0.30, 0.36, tuned.ABSTAIN_BELOW, 0.48, 0.54, 0.60, 0.70):
        kept = sum(s >= max(threshold, 1e-9) for s in answerable) / max(len(answerable), 1)
        refused = sum(s < max(threshold, 1e-9) for s in unanswerable) / max(len(unanswerable), 1)
        shipped = " (shipped)" if threshold == tuned.ABSTAIN_BELOW else ""
        print(f"| {threshold:.2f}{shipped} | {kept:.3f} | {refused:.3f} |")


def best_score(assistant: Assistant, case: Case) -> float:
    """The best sentence's score, or 0 where a rule declines."""
    library, retriever = assistant.index.open()
    query = retriever.read(case.question, history=case.history)
    wanted = assistant.settings.evidence
    asked = Answering(
        case.question,
        query,
        retriever.search(query, k=wanted),
        library=library,
        retriever=retriever,
        wanted=wanted,
    )
    if asked.declined:
        return 0.0
    ranked = rank_sentences(
        query,
        asked.evidence,
        documents=asked.documents,
        rarity=asked.rarity,
        reranker=assistant._walk.models.sentence_reader,
    )
    return ranked[0].score if ranked else 0.0


if __name__ == "__main__":
    main()
