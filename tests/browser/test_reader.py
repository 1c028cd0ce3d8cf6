"""A document is cut into marked parts that together are exactly its text."""

from hypothesis import given
from hypothesis import strategies as st

from rag.browser.reader import cut, surroundings
from rag.browser.state import Work, show_size
from rag.types import Statement

TEXT = "One two three.\n\nFour five six, she said. “Seven eight,” he said.\n\nNine ten. " * 30
PLACES = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(
    lambda p: (min(p), max(p))
)


def said(start: int, end: int) -> Statement:
    return Statement("d", start, end, "Ann", None, "said", TEXT[start:end], "direct",
                     content_spans=((start, end),))  # fmt: skip


@given(PLACES, PLACES, st.lists(PLACES, max_size=4), st.lists(PLACES, max_size=4))
def test_the_parts_are_the_text_and_every_mark_is_where_it_belongs(
    shown: tuple[int, int],
    here: tuple[int, int],
    marked: list[tuple[int, int]],
    statements: list[tuple[int, int]],
) -> None:
    first, last = shown
    parts = cut(TEXT, first, last, here=here, marked=marked,
                statements=[said(*s) for s in statements])  # fmt: skip
    parts = parts[first > 0 : len(parts) - (last < len(TEXT))]  # without the ellipses
    assert "".join(p["text"] for p in parts) == TEXT[first:last]
    place = first
    for part in parts:
        for position in range(place, place + len(part["text"])):
            inside = here[0] <= position < here[1]
            other = any(a <= position < b for a, b in marked)
            assert part.get("mark") == ("here" if inside else "other" if other else None)
            assert ("said" in part) == any(a <= position < b for a, b in statements)
        place += len(part["text"])


@given(PLACES)
def test_surroundings_hold_the_place_and_end_at_the_edge_of_a_word(place: tuple[int, int]) -> None:
    first, last = surroundings(TEXT, *place)
    assert first <= place[0]
    assert last >= place[1]
    assert first == 0 or first == place[0] or TEXT[first - 1].isspace()
    assert last == len(TEXT) or last == place[1] or TEXT[last].isspace()


def test_progress_tells_rate_and_time_left() -> None:
    work = Work("Sync")
    assert work.progress == "Sync…"
    work.tell("Reading", 0, 1_200)
    assert work.progress == "Reading: 0 of 1,200"
    work.began -= 10
    work.tell("Reading", 400, 1_200)
    assert work.progress == "Reading: 400 of 1,200 · 40 a second · 20 s left"
    work.tell("Indexing", 1, 2)  # another stage has its own rate
    assert work.progress == "Indexing: 1 of 2"


def test_sizes_are_for_people() -> None:
    assert [show_size(n) for n in (0, 999, 1_500, 46_000, 2_000_000, 3_200_000_000)] == [
        "0 B", "999 B", "1.5 kB", "46 kB", "2.0 MB", "3.2 GB",
    ]  # fmt: skip
