"""The commands and their options. Knows nothing about what they do."""

import argparse
from collections.abc import Callable
from pathlib import Path

from rag.cli import commands as run

EPILOG = "Settings can stand in the environment or in .env; see .env.example."


def build_parser() -> argparse.ArgumentParser:
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
        act: Callable[[argparse.Namespace], int],
        text: str,
        *parents: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=text, description=text, parents=[shared, *parents], epilog=EPILOG
        )
        command.set_defaults(command=act)
        return command

    sync = add("sync", run.sync, "Bring the index in line with a folder.", as_json)
    sync.add_argument("folder", nargs="?", type=Path, help="the folder (default: --documents)")
    search = add("search", run.search, "Find passages.", as_json, turns, limits)
    search.add_argument("query")
    search.add_argument("-k", type=_count, default=10, help="how many (10)")
    ask = add("ask", run.ask, "Ask a question.", turns, limits)
    ask.add_argument("question")
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of text")
    form.add_argument("--csv", action="store_true", help="print the quotes as CSV, one a line")
    statements = add("statements", run.statements, "List who said what.", as_json)
    statements.add_argument("--speaker", metavar="NAME", help="of this speaker, by name or role")
    statements.add_argument("--about", metavar="TEXT", help="about this, best first")
    statements.add_argument("--document", metavar="ID", help="in this document")
    statements.add_argument("-k", type=_count, default=20, help="how many (20)")
    evaluation = add("eval", run.evaluate_questions, "Score a questions file.")
    evaluation.add_argument("questions", type=Path, help="JSON Lines, one question each")
    evaluation.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write every row as JSON (- or none: print)",
    )
    evaluation.add_argument(
        "--leave-gold-out",
        action="store_true",
        help="ask each again without its evidence's documents: then it should decline (near)",
    )
    evaluation.add_argument(
        "--fail-under",
        action="append",
        metavar="MEASURE=VALUE",
        help="exit with 1 if a measure is lower: any@5=0.95, who_said:correct=0.9; repeatable",
    )
    check = add("check", run.check, "Check a draft, sentence by sentence.", as_json, limits)
    check.add_argument("draft", type=Path, help="the draft's file, or - for what is pasted")
    check.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write every sentence and its sources"
    )
    check.add_argument(
        "--docx", type=Path, metavar="FILE", help="write the draft with Word comments"
    )
    check.add_argument(
        "--fail-on",
        action="append",
        type=_finding,
        metavar="KIND",
        help="exit with 1 if anything is found so: number, altered-quote, contradicted, any; "
        "repeatable",
    )
    verify = add("verify", run.verify, "Judge claims by the passages that they come with.")
    verify.add_argument("claims", type=Path, help="JSON Lines: {id, text, passages: [{text}]}")
    verify.add_argument("--json", action="store_true", help="print a JSON object a line")
    add("models", run.models, "List the language models that can be reached.", as_json)
    add("status", run.status, "Show what is indexed and which engine answers.", as_json)
    rebuild = add("rebuild", run.rebuild, "Make the vectors anew; embeds nothing.", as_json)
    rebuild.add_argument(
        "--all", action="store_true", help="the whole index, from the documents; keeps the rest"
    )
    for name, act, text in (
        (
            "backup",
            run.backup,
            "Write chats, records, removed files and the index into one archive.",
        ),
        ("restore", run.restore, "Put such an archive into a home where nobody made anything yet."),
    ):
        add(name, act, text, as_json).add_argument("file", type=Path, help="the archive (zip)")
    chat = add("chat", run.chat, "Open the chat in the browser.")
    chat.add_argument("--port", type=int, help="the port (8501, or the next free one)")
    chat.add_argument("--headless", action="store_true", help="serve without opening a browser")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("must be between 1 and 1000")
    return number


def _finding(text: str) -> str:
    from rag.draft.report import KINDS
    from rag.draft.show import VERDICT_NAMES

    known = [*VERDICT_NAMES, *KINDS]
    if text not in known:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(known)}")
    return text


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2023-11-16") from None
