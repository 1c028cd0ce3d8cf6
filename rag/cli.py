"""The command line: the only module that prints. Knows nothing about how answers are made.

Heavy imports wait inside the commands, so that `onrecord --help` answers at once.
"""

import argparse
import dataclasses
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rag.errors import OnrecordError, QuestionsError

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.evaluate import Report
    from rag.library.backup import Backup
    from rag.types import Answer, Scope

EPILOG = "Settings can stand in the environment or in .env; see .env.example."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0 well, 1 an error of ours, 2 wrong usage."""
    from rag.logs import start_logging, tell_failure

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an ASCII terminal has no “ and no ”
    options = _parser().parse_args(arguments)
    _mend(options)
    home = _home(options)
    start_logging(home, verbose=options.verbose)
    try:
        return int(options.command(options))
    except OnrecordError as error:
        _say(f"onrecord: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("onrecord: stopped. Nothing synced before is lost.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): no more can be said, and no fault of ours.
        sys.stderr.close()
        return 0
    except Exception as error:
        _say(f"onrecord: {tell_failure(error, home)}", file=sys.stderr)
        return 1


def _mend(options: argparse.Namespace) -> None:
    """Text arguments need not be UTF-8; paths stay as they are, for the file system knows them."""
    from rag.language.words import mend

    def read(text: str) -> str:
        try:
            return mend(os.fsencode(text).decode("utf-8", "replace"))
        except UnicodeEncodeError:  # not from a command line
            return mend(text)

    for name, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, name, read(value))
        elif isinstance(value, list):
            setattr(options, name, [read(v) if isinstance(v, str) else v for v in value])


# --- commands ---


def _sync(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    with _progress_bars() as tell:
        report = assistant.sync(options.folder, progress=tell)
    if options.json:
        _print_json(dataclasses.asdict(report))
    else:
        names = ("added", "changed", "removed", "renamed", "unchanged", "failed")
        _say(", ".join(f"{len(getattr(report, n))} {n}" for n in names) + ".")
        for old, new in report.renamed:
            _say(f"  renamed: {old} → {new}")
    for failure in report.failed:
        _say(f"onrecord: {failure.id}: {failure.reason}", file=sys.stderr)
    return 0


def _search(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    within = _scope(options)
    hits = assistant.search(
        options.query, k=options.k, history=options.history or (), within=within
    )
    if options.json:
        from rag.export import hits_as_json, query_as_json

        query = assistant.read(options.query, history=options.history or ())
        _print_json({"query": query_as_json(query), "hits": hits_as_json(hits)})
        return 0
    for rank, hit in enumerate(hits, start=1):
        place = f"{hit.passage.document_id} {hit.passage.start}–{hit.passage.end}"
        _say(f"{rank}. {place}  ({hit.score:.3f}, {' + '.join(hit.found_by)})")
        start, end = hit.focus or (hit.passage.start, hit.passage.end)
        shown = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
        _say(f"   {_one_line(shown, 400)}\n")
    if not hits:
        _say("No passage has any of these words.")
    return 0


def _ask(options: argparse.Namespace) -> int:
    assistant = _open(options)
    with _stages() as tell:
        answer = assistant.ask(
            options.question,
            history=options.history or (),
            within=_scope(options),
            on_stage=tell,
        )
    if options.json:
        from rag.export import answer_as_json

        _print_json(answer_as_json(answer))
        return 0
    if answer.notice:
        _say(f"{answer.notice}\n")
    if answer.searched != options.question:
        _say(f"Searched for: {answer.searched}\n")
    _say(answer.text)
    if answer.reason:
        _say(answer.reason)
    if any(not s.stands for s in answer.sentences):
        _say("\nWritten by the model, but not borne out:")
    for sentence in answer.sentences:
        if not sentence.stands:
            _say(f"✗ {sentence.text} ({'; '.join(sentence.reasons)})")
    if answer.citations:
        _say("")
    for c in answer.citations:
        origin = ", ".join(filter(None, (c.source, c.date)))
        _say(f"[{c.number}] {c.title}{f' ({origin})' if origin else ''}")
        page = f", page {c.page}" if c.page else ""
        _say(f"    {c.document_id} {c.start}–{c.end}{page}")
        for copy in sorted({p.document_id for e in answer.evidence if e.number == c.number
                            for p in e.copies}):  # fmt: skip
            _say(f"    the same words: {copy}")
    if answer.status == "abstained" and answer.statements:
        from rag.answer.quotes import show_speaker

        _say("\nThe nearest statements:")
        for s in answer.statements:
            _say(f"{show_speaker(s)}: {_one_line(s.content)} ({s.document_id} {s.start}–{s.end})")
    if answer.status == "abstained" and answer.evidence:
        _say("\nThe nearest passages:")
        for item in answer.evidence[:3]:
            _say(f"[{item.number}] {item.passage.document_id}: {_one_line(item.passage.text)}")
    _say(f"\n{_worded_by(answer)}")
    if assistant.unused_key:
        _say(f"onrecord: {assistant.unused_key}", file=sys.stderr)
    return 0


def _worded_by(answer: "Answer") -> str:
    """Who worded the answer, and what left this machine for it."""
    from rag.answer.quotes import QUOTES

    by = "Quoted, without a language model"
    if answer.engine != QUOTES:
        by = f"Worded by {answer.engine}, checked here"
    passages = f"{len(answer.evidence)} passage{'' if len(answer.evidence) == 1 else 's'}"
    if answer.sent_to:
        return f"({by}. The question and {passages} were sent to {answer.sent_to}.)"
    return f"({by}. Nothing left this machine.)"


def _statements(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    found = assistant.statements(
        speaker=options.speaker or "", about=options.about or "", document=options.document
    )
    shown = found[: options.k]
    if options.json:
        from rag.export import statement_as_json

        _print_json({"total": len(found), "statements": [statement_as_json(s) for s in shown]})
        return 0
    from rag.answer.quotes import show_speaker, show_words

    for s in shown:
        origin = ", ".join(filter(None, (s.outlet, s.date)))
        unsure = "" if s.certain else "  (speaker read from what stands before)"
        _say(f"{show_speaker(s)}{unsure}")
        _say(f"   {_one_line(show_words(s), 400)}")
        _say(f"   {s.document_id} {s.start}–{s.end}{f' ({origin})' if origin else ''}\n")
    if len(found) > len(shown):
        _say(f"{len(found) - len(shown)} more: -k {min(len(found), 1000)}")
    if not found:
        none = assistant.status()["statements"] == 0
        _say("No statements yet. Run: onrecord sync" if none else "No statement like this.")
    return 0


def _eval(options: argparse.Namespace) -> int:
    from rag.cases import load_questions
    from rag.evaluate import find_shortfalls, parse_threshold
    from rag.export import report_as_json

    thresholds = [parse_threshold(text) for text in options.fail_under or ()]
    cases = load_questions(options.questions)
    assistant = _open(options)
    with _progress_bars() as tell:
        report = assistant.evaluate(
            cases,
            name=options.questions.name,
            progress=lambda done, total: tell("ask", done, total),
        )
    written = report_as_json(report)
    if options.json == "-":
        _print_json(written)
    elif options.json:
        try:
            text = json.dumps(written, ensure_ascii=False, indent=1)
            _write_private(Path(options.json), f"{text}\n")
        except OSError as error:
            raise QuestionsError(f"{options.json} cannot be written ({error.strerror}).") from error
    if options.json != "-":
        _print_table(report)
    # Last, so that a disk that is full or read-only costs the history and not the result.
    assistant.records.put_run(options.questions.name, written, questions=len(cases))
    shortfalls = find_shortfalls(report.table, thresholds)
    for line in shortfalls:
        _say(f"onrecord: {line}.", file=sys.stderr)
    return 1 if shortfalls else 0


def _models(options: argparse.Namespace) -> int:
    from rag.models import list_models
    from rag.settings import load_settings

    rows = list_models(load_settings(home=options.home, documents=options.documents))
    if options.json:
        fields = [{**dataclasses.asdict(r), "leaves_machine": r.leaves_machine} for r in rows]
        _print_json({"models": fields})
        return 0
    _say(f"  {'provider':18} {'model':32} {'reachable':10} {'context':>9} {'latency':>9}")
    for r in rows:
        context = f"{r.context:,}" if r.context else "–"
        latency = f"{r.latency_ms:.0f} ms" if r.latency_ms is not None else "–"
        reachable = "yes" if r.reachable else "no"
        mark = "*" if r.chosen else " "
        note = r.note + (f" (sent to {r.address})" if r.reachable and r.leaves_machine else "")
        _say(f"{mark} {r.provider:18} {r.model:32} {reachable:10} {context:>9} {latency:>9}"
             f"{'  ' + note if note else ''}")  # fmt: skip
    _say("\n* answers now. Choose with ONRECORD_PROVIDER and ONRECORD_MODEL; see .env.example.")
    return 0


def _status(options: argparse.Namespace) -> int:
    assistant = _open(options)
    state = assistant.status(check=True)
    if options.json:
        _print_json(state)
        return 0
    for name, value in state.items():
        _say(f"{name.replace('_', ' '):20} {value}")
    if assistant.unused_key:
        _say(f"\n{assistant.unused_key}")
    if state["people"] not in ("ok", "none"):
        _say("\nWhat people made is damaged. With a backup run: onrecord restore FILE")
        _say("Without one, what can still be read is saved by: onrecord rebuild --all")
    if state["library"] not in ("ok", "none"):
        _say("\nThe index is damaged. Make it anew: onrecord rebuild --all")
    elif not state["synced"]:
        _say(f"\nNo index yet. Run: onrecord sync {state['documents_folder']}")
    elif state["vectors"] == "damaged":
        _say("\nThe vectors are damaged. The next question builds them anew, or: onrecord rebuild")
    elif state["vectors"] != "current":
        _say("\nThe vectors are behind the library. Run: onrecord sync")
    return 0


def _rebuild(options: argparse.Namespace) -> int:
    assistant = _open(options, model=False)
    if options.all:
        with _progress_bars() as tell:
            report = assistant.index.rebuild_all(progress=tell)
        if options.json:
            _print_json(dataclasses.asdict(report))
        else:
            _say(f"Made the index anew of {len(report.added)} documents; what people made stays.")
        for failure in report.failed:
            _say(f"onrecord: {failure.id}: {failure.reason}", file=sys.stderr)
        return 0
    with _progress_bars() as tell:
        count = assistant.index.rebuild(progress=lambda done, total: tell("index", done, total))
    if options.json:
        _print_json({"vectors": count})
    else:
        _say(f"Rebuilt {count} vectors; nothing was embedded again.")
    return 0


def _backup(options: argparse.Namespace) -> int:
    found = _open(options, model=False).index.back_up(options.file)
    if options.json:
        _print_json({**dataclasses.asdict(found), "path": str(found.path)})
    else:
        _say(f"Wrote {found.path} ({found.bytes:,} bytes): {_held(found)}.")
        _say("The documents themselves are no part of it.")
    for name in found.left_out:
        _say(f"onrecord: {name} is damaged and was left out.", file=sys.stderr)
    return 0


def _restore(options: argparse.Namespace) -> int:
    found = _open(options, model=False).index.restore_backup(options.file)
    if options.json:
        _print_json({**dataclasses.asdict(found), "path": str(found.path)})
    else:
        _say(f"Restored {_held(found)}.")
    for name in found.left_out:
        _say(f"onrecord: {name} is not in it. Run: onrecord sync FOLDER", file=sys.stderr)
    return 0


def _held(found: "Backup") -> str:
    parts = ((found.chats, "chat"), (found.documents, "indexed document"),
             (found.removed, "removed file"))  # fmt: skip
    return ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in parts)


def _chat(options: argparse.Namespace) -> int:
    import os

    for name, value in (("ONRECORD_HOME", options.home), ("ONRECORD_DOCUMENTS", options.documents)):
        if value is not None:
            os.environ[name] = str(Path(value).resolve())
    _open(options)  # wrong settings are told here, not in the browser
    from rag.browser.server import serve

    # In this process: when it ends, however it ends, nothing is left serving.
    serve(port=options.port, headless=options.headless)
    return 0


# --- plumbing ---


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, metavar="DIR", help="where the index is (.onrecord)")
    shared.add_argument(
        "--documents",
        type=Path,
        metavar="DIR",
        help="your documents (those synced last, else seeds)",
    )
    shared.add_argument(
        "--verbose", action="store_true", help="say on standard error what is being done"
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print JSON instead of text")
    turns = argparse.ArgumentParser(add_help=False)
    turns.add_argument(
        "--history", action="append", metavar="TEXT", help="an earlier question; repeatable"
    )
    limits = argparse.ArgumentParser(add_help=False)
    for name, metavar, text in (
        ("--document", "ID", "search only this document; repeatable"),
        ("--outlet", "NAME", "search only this outlet's documents; repeatable"),
    ):
        limits.add_argument(name, action="append", metavar=metavar, help=text)
    limits.add_argument("--since", metavar="DAY", type=_day, help="no earlier documents")
    limits.add_argument("--until", metavar="DAY", type=_day, help="no later documents")
    parser = argparse.ArgumentParser(
        prog="onrecord",
        description="Ask a folder of documents; every answer is quoted and checked.",
        epilog=EPILOG,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str,
        run: Callable[[argparse.Namespace], int],
        text: str,
        *parents: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=text, description=text, parents=[shared, *parents], epilog=EPILOG
        )
        command.set_defaults(command=run)
        return command

    sync = add("sync", _sync, "Bring the index in line with a folder.", as_json)
    sync.add_argument("folder", nargs="?", type=Path, help="the folder (default: --documents)")
    search = add("search", _search, "Find passages.", as_json, turns, limits)
    search.add_argument("query")
    search.add_argument("-k", type=_count, default=10, help="how many (10)")
    ask = add("ask", _ask, "Ask a question.", as_json, turns, limits)
    ask.add_argument("question")
    statements = add("statements", _statements, "List who said what.", as_json)
    statements.add_argument("--speaker", metavar="NAME", help="of this speaker, by name or role")
    statements.add_argument("--about", metavar="TEXT", help="about this, best first")
    statements.add_argument("--document", metavar="ID", help="in this document")
    statements.add_argument("-k", type=_count, default=20, help="how many (20)")
    evaluation = add("eval", _eval, "Score a questions file.")
    evaluation.add_argument("questions", type=Path, help="JSON Lines, one question each")
    evaluation.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write every row as JSON (- or none: print)",
    )
    evaluation.add_argument(
        "--fail-under",
        action="append",
        metavar="MEASURE=VALUE",
        help="exit with 1 if a measure is lower: any@5=0.95, who_said:correct=0.9; repeatable",
    )
    add("models", _models, "List the language models that can be reached.", as_json)
    add("status", _status, "Show what is indexed and which engine answers.", as_json)
    rebuild = add("rebuild", _rebuild, "Make the vectors anew; embeds nothing.", as_json)
    rebuild.add_argument(
        "--all", action="store_true", help="the whole index, from the documents; keeps the rest"
    )
    for name, run, text in (
        ("backup", _backup, "Write chats, records, removed files and the index into one archive."),
        ("restore", _restore, "Put such an archive into a home where nobody made anything yet."),
    ):
        add(name, run, text, as_json).add_argument("file", type=Path, help="the archive (zip)")
    chat = add("chat", _chat, "Open the chat in the browser.")
    chat.add_argument("--port", type=int, help="the port (8501, or the next free one)")
    chat.add_argument("--headless", action="store_true", help="serve without opening a browser")
    return parser


def _open(options: argparse.Namespace, *, model: bool = True) -> "Assistant":
    from rag.assistant import Assistant
    from rag.settings import load_settings

    settings = load_settings(home=options.home, documents=options.documents)
    return Assistant.open(settings) if model else Assistant(settings)


def _home(options: argparse.Namespace) -> Path:
    """Where the index and the log are, also when another setting is wrong."""
    from rag.settings import Settings, load_settings

    try:
        return load_settings(home=options.home).home
    except OnrecordError:
        return options.home or Settings().home


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("must be between 1 and 1000")
    return number


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2023-11-16") from None


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


@contextmanager
def _progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a stage on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    labels = {
        "read": "Reading and embedding", "statements": "Finding statements",
        "index": "Indexing", "ask": "Asking",
    }  # fmt: skip
    columns = (
        "{task.description:20}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(labels.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell


@contextmanager
def _stages() -> Iterator[Callable[[str], None]]:
    """What is being done, on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda stage: status.update(f"{stage}…")


def _say(text: str, *, file: TextIO | None = None) -> None:
    """Prints text that documents or models may have written: nothing in it acts on the terminal."""
    from rag.language.words import show_hidden

    print(show_hidden(text), file=file)


def _write_private(path: Path, text: str) -> None:
    """A file that only its owner can read: it holds passages of the documents."""
    if path.is_file() or not path.exists():  # no device or pipe
        path.touch(mode=0o600)
        path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def _print_json(value: object) -> None:
    plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=plain, indent=2))


def _print_table(report: "Report") -> None:
    from rag.evaluate import MEASURES

    short = {
        "citation_precision": "cit P", "citation_recall": "cit R",
        "abstention_precision": "abst P", "abstention_recall": "abst R",
    }  # fmt: skip
    width = max(len(name) for name in report.table)
    _say(" " * width + "     n" + "".join(f"{short.get(m, m):>9}" for m in MEASURES))
    for name, row in report.table.items():
        cells = "".join("        –" if (v := row[m]) is None else f"{v:9.3f}" for m in MEASURES)
        _say(f"{name:{width}}{row['questions'] or 0:6.0f}{cells}")
    engines: dict[str, int] = {}
    for r in report.rows:
        engines[r.answer.engine] = engines.get(r.answer.engine, 0) + 1
    by = ", ".join(f"{n} by {name}" for name, n in sorted(engines.items()))
    _say(f"\n{by}. Unverified citations: {report.unverified} of {report.citations}.")
    for r in report.rows:
        for text in r.missing:
            _say(f"{r.case.id}: evidence not found in its document: {text[:60]}", file=sys.stderr)


def _one_line(text: str, characters: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= characters else text[: characters - 1] + "…"


if __name__ == "__main__":
    raise SystemExit(main())
