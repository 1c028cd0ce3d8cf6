"""Answers that a language model words beside the quotes alone: shown, right, struck, and how fast.

    .venv/bin/python benchmarks/worded.py --url http://127.0.0.1:8080/v1 --set DOCUMENTS QUESTIONS

Every question is asked twice in one run: by quotes alone, and worded by the model that serves at
`--url` (any server that speaks OpenAI's chat API). Prints a table with commit and settings. Whether
an answer is right by its case (`answers`) says little of prose: `--rows FILE` keeps both answers of
each question, with every sentence and what was struck, to be judged by reading.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from rag import Answer, Assistant, Settings
from rag.cases import Case, load_questions
from rag.evaluate import is_correct
from rag.models import open_language_model
from rag.models.sizes import is_small

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", required=True, help="the server's address, with /v1")
    parser.add_argument("--model", default="", help="the model's name, if it serves several")
    parser.add_argument("--prompt", default="auto", choices=("auto", "small", "large"))
    parser.add_argument("--timeout", type=float, default=120.0)
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=("DOCS", "FILE"))
    parser.add_argument("--first", type=int, default=0, help="only so many questions of each set")
    parser.add_argument("--rows", type=Path, help="write every answer there, as JSON Lines")
    options = parser.parse_args()
    sets = options.set or [(str(ROOT / "seeds"), str(ROOT / "seeds/questions.jsonl"))]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    model = open_language_model(
        Settings(
            provider="openai-compatible", base_url=options.url, model=options.model,
            prompt=options.prompt,
        )
    )  # fmt: skip
    assert model is not None
    form = "small" if is_small(model, prompt=options.prompt) else "large"
    print(f"\ncommit {commit}; {model.name or 'the model served'}; the {form} model's prompt\n")
    print(
        "| set | n | quotes answer | of those worded | right: quotes | shown | sentences shown |"
        " struck | quote at once, ms | first token, s | whole answer, s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    kept: list[dict[str, Any]] = []
    for documents, questions in sets:
        cases = load_questions(Path(questions))[: options.first or None]
        rows = ask_all(Path(documents), cases, model, options)
        print(table_row(Path(questions), rows), flush=True)
        kept += [{"set": Path(questions).stem, **row} for row in rows]
    if options.rows:
        options.rows.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in kept))


def ask_all(documents: Path, cases: list[Case], model: Any, options: Any) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(documents=documents, home=Path(home), provider="none",
                            prompt=options.prompt)  # fmt: skip
        assistant = Assistant(settings)
        assistant.sync()
        worded = assistant.worded_by(model, timeout=options.timeout)
        rows = [ask_twice(case, assistant, worded) for case in cases]
        assistant.close()
    return rows


def ask_twice(case: Case, assistant: Assistant, worded: Assistant) -> dict[str, Any]:
    quotes = assistant.ask(case.question, history=case.history)
    told: list[float] = []
    began = time.perf_counter()
    shown = worded.ask(
        case.question,
        history=case.history,
        on_quotes=lambda _: told.append(time.perf_counter() - began),
    )
    return {
        "id": case.id,
        "type": case.type,
        "question": case.question,
        "quotes": kept(quotes, case),
        "shown": kept(shown, case),
        "at_once": told[0] if told else None,
        "total": time.perf_counter() - began,
    }


def kept(answer: Answer, case: Case) -> dict[str, Any]:
    return {
        "engine": answer.engine,
        "status": answer.status,
        "shape": answer.shape,
        "right": is_correct(case, answer),
        "text": answer.text,
        "notice": answer.notice,
        "sentences": [
            {"text": s.text, "status": s.status, "stands": s.stands, "reasons": list(s.reasons)}
            for s in answer.sentences
        ],
        "cited": [f"[{c.number}] {c.title}, {c.source}, {c.date}: {c.quote}"
                  for c in answer.citations],
        "timings_ms": dict(answer.timings_ms),
    }  # fmt: skip


def table_row(questions: Path, rows: list[dict[str, Any]]) -> str:
    answered = [r for r in rows if r["quotes"]["status"] == "answered"]
    worded = [r for r in answered if r["shown"]["engine"] != "quotes"]
    sentences = [s for r in rows for s in r["shown"]["sentences"]]
    first = [r["shown"]["timings_ms"]["first_token"] / 1000 for r in rows
             if "first_token" in r["shown"]["timings_ms"]]  # fmt: skip
    asked = [r["total"] for r in rows if "model" in r["shown"]["timings_ms"]]
    once = [1000 * r["at_once"] for r in rows if r["at_once"] is not None]
    cells = [
        questions.stem,
        len(rows),
        len(answered),
        len(worded),
        sum(r["quotes"]["right"] for r in rows),
        sum(r["shown"]["right"] for r in rows),
        sum(s["stands"] for s in sentences),
        sum(not s["stands"] for s in sentences),
        f"{median(once):.0f}" if once else "–",
        f"{median(first):.1f}" if first else "–",
        f"{median(asked):.1f}" if asked else "–",
    ]
    return "| " + " | ".join(str(c) for c in cells) + " |"


if __name__ == "__main__":
    main()
