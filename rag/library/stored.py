"""Answers as they are kept: JSON with a format number, read whatever Onrecord wrote it.

What is kept outlives the code that kept it. A field that is unknown here is passed over, one that
is missing gets its default, and what cannot be read at all still shows the question it was for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rag.types import Answer

# 1 had no number. Another one is for when the same field comes to mean something else.
FORMAT = 2
UNREADABLE = "This answer cannot be read any more. Ask the question again."
_QUESTION = re.compile(r'"question"\s*:\s*("(?:[^"\\]|\\.)*")')


def write_answer(answer: Answer) -> str:
    """An answer as JSON."""
    written = _adapter().dump_json(answer).decode()
    return f'{{"format":{FORMAT},{written[1:]}'


def read_answer(text: str | bytes, *, question: str = "") -> Answer:
    """An answer that any Onrecord wrote.

    `question` is what it was asked for, where that is known from elsewhere. Never raises: an answer
    that cannot be read says so, under its question.
    """
    try:
        answer: Answer = _adapter().validate_json(text)
        return answer
    except ValueError:
        pass
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    try:
        row = json.loads(text)
        if isinstance(row, dict) and isinstance(row.get("question"), str) and "text" in row:
            found = _read(Answer, row)
            assert isinstance(found, Answer)
            return found
    except (ValueError, RecursionError, _Unreadable):
        pass
    try:
        asked = _QUESTION.search(text)
        question = str(json.loads(asked[1])) if asked else question
    except ValueError:
        pass
    return Answer(question, UNREADABLE, "abstained", "")


class _Unreadable(Exception):
    """A value is nothing of the kind that it should be."""


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    """`value` as a `kind`: fields that are missing or wrong get a default, items that are wrong go.

    Raises:
        _Unreadable: it has none.
    """
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _read(next(k for k in get_args(kind) if k is not type(None)), value)
    if origin is Literal:
        return value if value in get_args(kind) else get_args(kind)[-1]
    if origin is tuple:
        return _read_tuple(get_args(kind), value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise _Unreadable
        return {_read(get_args(kind)[0], k): _read(get_args(kind)[1], v) for k, v in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_fields(kind, value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _Unreadable
    return value


def _read_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _Unreadable
    if Ellipsis not in kinds:
        if len(value) != len(kinds):
            raise _Unreadable
        return tuple(_read(k, v) for k, v in zip(kinds, value, strict=True))
    read = []
    for item in value:
        try:
            read.append(_read(kinds[0], item))
        except _Unreadable:
            continue
    return tuple(read)


def _read_fields(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _Unreadable
    given: dict[str, Any] = {}
    for field in fields(kind):
        hint = _hints(kind)[field.name]
        try:
            given[field.name] = _read(hint, value[field.name])
        except (KeyError, _Unreadable):
            if field.default is MISSING and field.default_factory is MISSING:
                given[field.name] = _nothing(hint)
    return kind(**given)


def _nothing(kind: Any) -> Any:
    """The value of a field without one: nothing of its kind."""
    if get_origin(kind) in (Union, UnionType):
        return None
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if kind in (str, int, float, bool):
        return kind()
    if get_origin(kind) is tuple:
        return ()
    raise _Unreadable
