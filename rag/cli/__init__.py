"""The command line: the only package that prints. Knows nothing about how answers are made.

Heavy imports wait inside the commands, so that `onrecord --help` answers at once.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.cli.parser import build_parser
from rag.cli.printing import say
from rag.errors import OnrecordError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0 well, 1 an error of ours, 2 wrong usage."""
    from rag.logs import start_logging, tell_failure

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an ASCII terminal has no “ and no ”
    options = build_parser().parse_args(arguments)
    _mend(options)
    home = _home(options)
    start_logging(home, verbose=options.verbose)
    try:
        return int(options.command(options))
    except OnrecordError as error:
        say(f"onrecord: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("onrecord: stopped. Nothing synced before is lost.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): no more can be said, and no fault of ours.
        sys.stderr.close()
        return 0
    except Exception as error:
        say(f"onrecord: {tell_failure(error, home)}", file=sys.stderr)
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


def _home(options: argparse.Namespace) -> Path:
    """Where the index and the log are, also when another setting is wrong."""
    from rag.settings import Settings, load_settings

    try:
        return load_settings(home=options.home).home
    except OnrecordError:
        return options.home or Settings().home
