"""What happened when, by the days, months and years that sentences themselves name.

Knows no question and no model.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.engines.rows import Row
from rag.answer.quotes import Sentence
from rag.language.dates import Date, find_dates, find_times, read_iso
from rag.types import Document

# The time that [start, end) of a document names: in ISO 8601 and as it is written.
ReadTime = Callable[[Document, int, int], tuple[str, str] | None]


def by_named_times(
    near: Sequence[Sentence],
    documents: Mapping[str, Document],
    *,
    read: ReadTime,
    period: tuple[str, str] | None = None,
) -> tuple[list[Row], int]:
    """A row for each time of the `period`, in their order, and how many of them are named.

    A sentence is of the first time that it names, or of its document's day if it names none; what
    `read` passes over tells nothing. Of a time the first of `near` is shown.
    """
    best: dict[str, Row] = {}
    named: set[str] = set()
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        text = document.text[sentence.start : sentence.end]
        if len(text.split()) < tuned.DIGEST_WORDS:
            continue  # a caption, a heading
        key = label = document.date or ""
        if told := read(document, sentence.start, sentence.end):
            key, label = told
            named.add(key)
        elif find_times(text):
            key = ""
        if key and (period is None or _is_within(key, period)):
            best.setdefault(key, Row(label, document, sentence.start, sentence.end))
    order = sorted(best, key=lambda key: key not in named)[: tuned.MAX_ROWS]
    return [best[key] for key in sorted(order)], len(named & set(order))


def read_times(known: Collection[Date]) -> ReadTime:
    """Tells the first time that [start, end) of a document names, in ISO 8601 and as it is written;
    not one that the question names (`known`)."""
    asked = {time.year for time in known if time.year}
    year = asked.pop() if len(asked) == 1 else None
    usual: dict[str, int | None] = {}

    def usual_year(document: Document) -> int | None:
        # Of those without a day alone, and once: it takes reading them from end to end.
        if document.date:
            return None
        if document.id not in usual:
            usual[document.id] = year or _usual_year(document)
        return usual[document.id]

    def read(document: Document, start: int, end: int) -> tuple[str, str] | None:
        text = document.text[start:end]
        for time in find_times(text):
            when = _when(time, document, usual_year(document))
            if when and not any(time.fits(other) for other in known if other.day):
                return when, " ".join(text[time.start : time.end].split())
        return None

    return read


def in_order_of_time(
    rows: Sequence[Row],
    read: ReadTime,
    *,
    period: tuple[str, str] | None = None,
) -> tuple[list[Row], int]:
    """`rows` whose sentences name a time of the `period` in its order, the others behind them (none
    where a period is asked about), and how many name one."""
    timed, others = [], []
    for row in rows:
        told = read(row.document, row.start, row.end)
        if told is None:
            others.append(row)
        elif period is None or _is_within(told[0], period):
            timed.append((told[0], replace(row, label=told[1])))
    timed.sort(key=lambda t: (t[0], t[1].document.id, t[1].start))
    kept = [] if period is not None and len(timed) > 1 else others
    return [*(row for _, row in timed), *kept], len(timed)


def _is_within(time: str, period: tuple[str, str]) -> bool:
    """Whether a day, month or year is of a period: "2023" tells nothing of August to November."""
    since, until = (day[: len(time)] for day in period)
    narrower = since == until and period[0][4:] + period[1][4:] != "-01-01-12-31"
    return since <= time <= until and not (len(time) == 4 and narrower)


def _when(time: Date, document: Document, usual: int | None) -> str | None:
    """`time` as ISO 8601, as far as it is given; a month of no year is of the document's, or of
    the last one before it; where the document has no day, of the year that the question names or
    else of the `usual` one of its days."""
    year, month, day = time.year, time.month, time.day
    if year is None:
        written = read_iso(document.date)
        year = usual
        if written is not None and written.year is not None and month is not None:
            year = written.year
            soon = _count(year, written.month or 12, written.day) + tuned.DAYS_AHEAD
            if _count(year, month, day) > soon:
                year -= 1
            elif _count(year + 1, month, day) <= soon:
                year += 1
    if year is None:
        return None
    parts = (f"{year:04d}", f"{month:02d}" if month else "", f"{day:02d}" if day else "")
    return "-".join(filter(None, parts))


def _count(year: int, month: int, day: int | None) -> int:
    """About how many days that is, for any year that a document may give."""
    return (year * 12 + month) * 30 + (day or 1)


def _usual_year(document: Document) -> int | None:
    """The year that most of the days named in a document are of, if it names enough of them."""
    years = Counter(
        d.year for d in find_dates(document.text[: tuned.YEARS_WITHIN]) if d.year and d.month
    )
    most = max(years, key=lambda year: (years[year], year), default=None)
    return most if most is not None and years[most] >= tuned.TIMES_NAMED else None
