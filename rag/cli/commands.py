"""What each command does; its exit status is what it returns. Heavy imports wait inside."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.printing import (
    interrupted,
    one_line,
    print_csv,
    print_json,
    print_table,
    progress_bars,
    say,
    say_json,
    stages,
    write_private,
)
from rag.errors import DraftError, QuestionsError

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.draft.files import Draft
    from rag.library.backup import Backup
    from rag.types import Answer, Scope


def sync(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    with progress_bars() as tell:
        report = assistant.sync(options.folder, progress=tell)
    if options.json:
        print_json(dataclasses.asdict(report))
    else:
        names = ("added", "changed", "removed", "renamed", "unchanged", "failed")
        say(", ".join(f"{len(getattr(report, n))} {n}" for n in names) + ".")
        for old, new in report.renamed:
            say(f"  renamed: {old} → {new}")
        if report.reread:
            say(f"{len(report.reread)} read again: this Onrecord reads them differently.")
    for failure in (*report.failed, *report.partly):
        say(f"onrecord: {failure.id}: {failure.reason}", file=sys.stderr)
    return 0


def search(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    assistant.index.ask_once()
    within = _scope(options)
    history = options.history or ()
    hits = assistant.search(options.query, k=options.k, history=history, within=within)
    query = assistant.read(options.query, history=history, within=within)
    if options.json:
        from rag.export import hits_as_json, query_as_json

        print_json({"query": query_as_json(query), "hits": hits_as_json(hits)})
        return 0
    for rank, hit in enumerate(hits, start=1):
        place = f"{hit.passage.document_id} {hit.passage.start}–{hit.passage.end}"
        say(f"{rank}. {place}  ({hit.score:.3f}, {' + '.join(hit.found_by)})")
        start, end = hit.focus or (hit.passage.start, hit.passage.end)
        shown = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
        say(f"   {one_line(shown, 400)}\n")
    if not hits:
        say(query.refused or "No passage has any of these words.")
    return 0


def ask(options: argparse.Namespace) -> int:
    assistant = _open(options)
    assistant.index.ask_once()
    with stages() as tell:
        answer = assistant.ask(
            options.question,
            history=options.history or (),
            within=_scope(options),
            on_stage=tell,
        )
    from rag.export import answer_as_json, show_limits

    if options.json:
        print_json(answer_as_json(answer))
        return 0
    if options.csv:
        from rag.export import answer_as_csv

        print_csv(answer_as_csv(answer))
        if answer.reason:
            say(f"onrecord: {answer.reason}", file=sys.stderr)
        return 0
    if answer.notice:
        say(f"{answer.notice}\n")
    if answer.searched != options.question:
        say(f"Searched for: {answer.searched}\n")
    if limits := show_limits(answer):
        say(f"{limits}\n")
    say(answer.text)
    if answer.reason:
        say(answer.reason)
    if any(not s.stands for s in answer.sentences):
        say("\nWritten by the model, but not borne out:")
    for sentence in answer.sentences:
        if not sentence.stands:
            say(f"✗ {sentence.text} ({'; '.join(sentence.reasons)})")
    if answer.citations:
        say("")
    for c in answer.citations:
        origin = ", ".join(filter(None, (c.source, c.date)))
        say(f"[{c.number}] {c.title}{f' ({origin})' if origin else ''}")
        page = f", page {c.page}" if c.page else ""
        say(f"    {c.document_id} {c.start}–{c.end}{page}")
        for copy in sorted({p.document_id for e in answer.evidence if e.number == c.number
                            for p in e.copies}):  # fmt: skip
            say(f"    the same words: {copy}")
    if answer.status == "abstained" and answer.statements:
        from rag.answer.quotes import show_speaker

        say("\nThe nearest statements:")
        for s in answer.statements:
            say(f"{show_speaker(s)}: {one_line(s.content)} ({s.document_id} {s.start}–{s.end})")
    if answer.status == "abstained" and answer.evidence:
        say("\nThe nearest passages:")
        for item in answer.evidence[:3]:
            say(f"[{item.number}] {item.passage.document_id}: {one_line(item.passage.text)}")
    say(f"\n{_worded_by(answer)}")
    if assistant.unused_key:
        say(f"onrecord: {assistant.unused_key}", file=sys.stderr)
    return 0


def _worded_by(answer: "Answer") -> str:
    """Who worded the answer, and what left this machine for it."""
    from rag.answer.quotes import QUOTES

    by = "Quoted, without a language model"
    if answer.engine != QUOTES:
        by = f"Worded by {answer.engine}, checked here"
    passages = f"{len(answer.evidence)} passage{'' if len(answer.evidence) == 1 else 's'}"
    if answer.sent_to:
        cost = ""
        if answer.cost is not None:
            from rag.models.prices import show_cost

            cost = f", for {show_cost(answer.cost)}"
        return f"({by}. The question and {passages} were sent to {answer.sent_to}{cost}.)"
    return f"({by}. Nothing left this machine.)"


def statements(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    found = assistant.statements(
        speaker=options.speaker or "", about=options.about or "", document=options.document
    )
    shown = found[: options.k]
    if options.json:
        from rag.export import statement_as_json

        print_json({"total": len(found), "statements": [statement_as_json(s) for s in shown]})
        return 0
    from rag.answer.quotes import show_speaker, show_words

    for s in shown:
        origin = ", ".join(filter(None, (s.outlet, s.date)))
        unsure = "" if s.certain else "  (speaker read from what stands before)"
        say(f"{show_speaker(s)}{unsure}")
        say(f"   {one_line(show_words(s), 400)}")
        say(f"   {s.document_id} {s.start}–{s.end}{f' ({origin})' if origin else ''}\n")
    if len(found) > len(shown):
        say(f"{len(found) - len(shown)} more: -k {min(len(found), 1000)}")
    if not found:
        none = assistant.status()["statements"] == 0
        say("No statements yet. Run: onrecord sync" if none else "No statement like this.")
    return 0


def evaluate_questions(options: argparse.Namespace) -> int:
    from rag.cases import load_questions
    from rag.evaluate import find_shortfalls, parse_threshold
    from rag.export import report_as_json

    thresholds = [parse_threshold(text) for text in options.fail_under or ()]
    cases = load_questions(options.questions)
    assistant = _open(options)
    with progress_bars() as tell:
        report = assistant.evaluate(
            cases,
            name=options.questions.name,
            progress=lambda done, total: tell("ask", done, total),
            leave_gold_out=options.leave_gold_out,
        )
    written = report_as_json(report)
    if options.json == "-":
        print_json(written)
    elif options.json:
        try:
            text = json.dumps(written, ensure_ascii=False, indent=1)
            write_private(Path(options.json), f"{text}\n")
        except OSError as error:
            raise QuestionsError(f"{options.json} cannot be written ({error.strerror}).") from error
    if options.json != "-":
        print_table(report)
    # Last, so that a disk that is full or read-only costs the history and not the result.
    assistant.records.put_run(options.questions.name, written, questions=len(cases))
    shortfalls = find_shortfalls(report.table, thresholds)
    for line in shortfalls:
        say(f"onrecord: {line}.", file=sys.stderr)
    return 1 if shortfalls else 0


def check(options: argparse.Namespace) -> int:
    from rag.draft.show import draft_as_json, draft_as_markdown, draft_as_text, find_failures

    files = [f for f in (options.markdown, options.docx) if f is not None]
    _check_outputs(files, options.draft)
    assistant = _open(options, model=False)
    draft = _read_draft(options, assistant)
    with interrupted() as stop, progress_bars() as tell:
        report = assistant.check(
            draft.text,
            name=draft.name,
            within=_scope(options),
            progress=lambda done, total: tell("check", done, total),
            stop=stop,
        )
    if options.json:
        print_json(draft_as_json(report))
    else:
        say(draft_as_text(report).rstrip())
    # Last, so that a disk that is full or read-only costs the file and not the result.
    try:
        if options.markdown is not None:
            write_private(options.markdown, draft_as_markdown(report))
        if options.docx is not None:
            from rag.draft.word import draft_as_word

            write_private(options.docx, draft_as_word(report, draft.word))
    except OSError as error:
        raise _unwritable(Path(error.filename or "The file"), error) from error
    failures = find_failures(report, options.fail_on or ())
    for line in failures:
        say(f"onrecord: {line}", file=sys.stderr)
    return 1 if failures else 130 if report.stopped else 0


def _read_draft(options: argparse.Namespace, assistant: "Assistant") -> "Draft":
    from rag.draft.files import MAX_PASTED, Limits, open_draft, read_pasted

    settings = assistant.settings
    limits = Limits(settings.file_seconds, settings.file_memory)
    if str(options.draft) == "-":
        return read_pasted(sys.stdin.buffer.read(MAX_PASTED + 1), limits=limits)
    return open_draft(options.draft, limits=limits)


def _check_outputs(files: Sequence[Path], draft: Path) -> None:
    """Told before the draft is judged, which can take minutes."""
    for file in files:
        try:
            if file.exists() and draft.exists() and file.samefile(draft):
                raise DraftError(f"{file} is the draft itself. Name another file to write.")
            if file.is_dir() or not file.absolute().parent.is_dir():
                raise DraftError(f"{file} is a folder, or in none. Name a file to write.")
        except OSError as error:
            raise _unwritable(file, error) from error
    if len({f.absolute() for f in files}) < len(files):
        raise DraftError("Two files of one name would be written. Name two.")


def _unwritable(file: Path, error: OSError) -> DraftError:
    return DraftError(f"{file} cannot be written ({error.strerror}). Name another file.")


def verify(options: argparse.Namespace) -> int:
    from collections import Counter

    from rag.check.lines import judge_lines

    found: Counter[str] = Counter()
    for row in judge_lines(options.claims):
        found[row["verdict"]] += 1
        if options.json:
            say_json(row)
            continue
        say(f"{one_line(str(row['id']))}: {row['verdict']} ({row['score']:.2f})")
        for reason in row["reasons"]:
            say(f"    {one_line(reason, 200)}")
    if not options.json:
        say(", ".join(f"{n} {verdict}" for verdict, n in sorted(found.items())) or "No claims.")
    return 0


def models(options: argparse.Namespace) -> int:
    from rag.models import list_models
    from rag.models.sizes import measure_memory, prefer
    from rag.settings import load_settings

    rows = list_models(load_settings(home=options.home, documents=options.documents))
    best, why = prefer(rows, memory=measure_memory())
    if options.json:
        fields = [{**dataclasses.asdict(r), "leaves_machine": r.leaves_machine} for r in rows]
        chosen = {"provider": best.provider, "model": best.model} if best else None
        print_json({"models": fields, "preferred": chosen, "why": why})
        return 0
    say(f"  {'provider':18} {'model':32} {'reachable':10} {'context':>9} {'latency':>9}")
    for r in rows:
        context = f"{r.context:,}" if r.context else "–"
        latency = f"{r.latency_ms:.0f} ms" if r.latency_ms is not None else "–"
        reachable = "yes" if r.reachable else "no"
        mark = "*" if r.chosen else " "
        note = r.note + (f" (sent to {r.address})" if r.reachable and r.leaves_machine else "")
        say(f"{mark} {r.provider:18} {r.model:32} {reachable:10} {context:>9} {latency:>9}"
             f"{'  ' + note if note else ''}")  # fmt: skip
    say(
        f"\nOn this machine prefer {f'{best.provider}: {best.model}' if best else 'quotes'}: {why}."
    )
    say("* answers now. Choose with ONRECORD_PROVIDER and ONRECORD_MODEL; see .env.example.")
    return 0


def status(options: argparse.Namespace) -> int:
    assistant = _open(options)
    state = assistant.status(check=True)
    if options.json:
        print_json(state)
        return 0
    for name, value in state.items():
        if name != "partly":
            say(f"{name.replace('_', ' '):20} {value}")
    for id_, note in state["partly"].items():
        say(f"{'partly read':20} {id_}: {note}")
    if assistant.unused_key:
        say(f"\n{assistant.unused_key}")
    if state["people"] not in ("ok", "none"):
        say("\nWhat people made is damaged. With a backup run: onrecord restore FILE")
        say("Without one, what can still be read is saved by: onrecord rebuild --all")
    if state["library"] not in ("ok", "none"):
        say("\nThe index is damaged. Make it anew: onrecord rebuild --all")
    elif not state["synced"]:
        say(f"\nNo index yet. Run: onrecord sync {state['documents_folder']}")
    elif state["vectors"] == "damaged":
        say("\nThe vectors are damaged. The next question builds them anew, or: onrecord rebuild")
    elif state["vectors"] != "current":
        say("\nThe vectors are behind the library. Run: onrecord sync")
    return 0


def rebuild(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    if options.all:
        with progress_bars() as tell:
            report = assistant.index.rebuild_all(progress=tell)
        if options.json:
            print_json(dataclasses.asdict(report))
        else:
            say(f"Made the index anew of {len(report.added)} documents; what people made stays.")
        for failure in report.failed:
            say(f"onrecord: {failure.id}: {failure.reason}", file=sys.stderr)
        return 0
    with progress_bars() as tell:
        count = assistant.index.rebuild(progress=lambda done, total: tell("index", done, total))
    if options.json:
        print_json({"vectors": count})
    else:
        say(f"Rebuilt {count} vectors; nothing was embedded again.")
    return 0


def backup(options: argparse.Namespace) -> int:
    found = _open(options, model=False).index.back_up(options.file)
    if options.json:
        print_json({**dataclasses.asdict(found), "path": str(found.path)})
    else:
        say(f"Wrote {found.path} ({found.bytes:,} bytes): {_held(found)}.")
        say("The documents themselves are no part of it.")
    for name in found.left_out:
        say(f"onrecord: {name} is damaged and was left out.", file=sys.stderr)
    return 0


def restore(options: argparse.Namespace) -> int:
    found = _open(options, model=False).index.restore_backup(options.file)
    if options.json:
        print_json({**dataclasses.asdict(found), "path": str(found.path)})
    else:
        say(f"Restored {_held(found)}.")
    for name in found.left_out:
        say(f"onrecord: {name} is not in it. Run: onrecord sync FOLDER", file=sys.stderr)
    return 0


def _held(found: "Backup") -> str:
    parts = ((found.chats, "chat"), (found.documents, "indexed document"),
             (found.removed, "removed file"))  # fmt: skip
    return ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in parts)


def chat(options: argparse.Namespace) -> int:

    for name, value in (("ONRECORD_HOME", options.home), ("ONRECORD_DOCUMENTS", options.documents)):
        if value is not None:
            os.environ[name] = str(Path(value).resolve())
    _open(options)  # wrong settings are told here, not in the browser
    from rag.browser.server import serve

    def tell(address: str) -> None:
        say(f"The chat is open at {address} (Ctrl+C ends it).")
        sys.stdout.flush()  # nothing else is said for as long as it is open

    # In this process: when it ends, however it ends, nothing is left serving.
    serve(port=options.port, headless=options.headless, tell=tell)
    return 0


def _open(options: argparse.Namespace, *, model: bool = True) -> "Assistant":
    from rag.assistant import Assistant
    from rag.settings import load_settings

    settings = load_settings(home=options.home, documents=options.documents)
    return Assistant.open(settings) if model else Assistant(settings)


def _scope(options: argparse.Namespace) -> "Scope | None":
    """The documents that a question is limited to, if it is."""
    from rag.types import Scope

    scope = Scope(
        outlets=tuple(options.outlet or ()),
        documents=tuple(options.document or ()),
        since=options.since or "",
        until=options.until or "",
    )
    return scope if scope != Scope() else None
