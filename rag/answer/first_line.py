"""The line above a quotation that answers by itself: its number, its day, or yes or no.

A piece of the quoted sentence, letter for letter, or a verdict that the checks of `check.support`
bear out; "" where the sentence leaves open which. Names are not taken out: of those that a rule
took over 159 questions 2 of 8 were right. Knows nothing about how a sentence was found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag import tuned
from rag.answer.ledger import denies
from rag.check.claims import tokens
from rag.check.reading import is_held
from rag.check.support import check_claim, read_source
from rag.language import LANGUAGE
from rag.language.dates import find_dates
from rag.language.sentences import is_question
from rag.language.stems import key_of
from rag.language.words import content_words, fold
from rag.types import Document, Evidence, Passage, Statement

_NEGATIONS = LANGUAGE.negations
_NUMBERS = LANGUAGE.numbers
_QUESTIONS = LANGUAGE.questions
_FRAME = {key_of(w) for w in _QUESTIONS.words}

Side = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence says to a question of yes or no, and who says it there ("" if nobody)."""

    side: Side
    speaker: str


def extract(question: str, sentence: str) -> str:
    """The number or day that `question` asks for, as it stands in `sentence`.

    "" where none is asked for, or where more than one might be meant.
    """
    asked = fold(question)
    if _QUESTIONS.how_many.search(asked):
        spans = _numbers(asked, sentence)
    elif _QUESTIONS.when.search(asked):
        spans = _days(asked, sentence)
    else:
        return ""
    found = {" ".join(sentence[start:end].split()).strip(" ,;:.") for start, end in spans}
    return found.pop() if len(found) == 1 else ""


def value_of(line: str) -> float | None:
    """The number that a line of `extract` begins with; None for a day, or for "".

    >>> value_of("3,000 fighters")
    3000.0
    """
    first = next(iter(tokens(line)), None)
    return first.value if first is not None and first.kind == "number" else None


def _numbers(asked: str, sentence: str) -> list[tuple[int, int]]:
    """The numbers of what is counted: "how many fighters" → "3,000 armed fighters"."""
    counted = _QUESTIONS.counted.search(asked)
    wanted = {key_of(w) for w in content_words(counted["what"])} if counted else set()
    share, amount = _QUESTIONS.share.search(asked), _QUESTIONS.amount.search(asked)
    found = tokens(sentence)
    spans = []
    for place, token in enumerate(found):
        if token.kind != "number" or fold(token.text) in _NUMBERS.weak:
            continue
        if share:
            behind = found[place + 1 : place + 2]
            ends = [t.end for t in behind if fold(t.text).startswith("percent")]
            if ends or "%" in token.text:
                spans.append((token.start, max([token.end, *ends])))
            continue
        if amount:
            if token.text[0] in _NUMBERS.currencies:
                spans.append((token.start, token.end))
            continue
        after = found[place + 1 : place + 1 + tuned.COUNTED_WITHIN]
        first = next((n for n, t in enumerate(after) if t.key in wanted), None)
        if first is None or any(t.kind == "number" for t in after[:first]):
            continue
        # A name says of what kind they are: "116,000 American jobs".
        more = after[first + 1 : first + 2] if after[first].kind == "name" else ()
        last = next((t for t in more if t.key in wanted), after[first])
        spans.append((token.start, last.end))
    return spans


def _days(asked: str, sentence: str) -> list[tuple[int, int]]:
    """The days of a sentence, if one stands near what is asked about; years where one is asked."""
    found, years = find_dates(sentence), _QUESTIONS.asks_year.search(asked) is not None
    if any(years and d.year is None for d in found):
        return []
    near = _places(asked, sentence, within=tuned.DAY_WITHIN)
    spans = [(d.start, d.end) for d in found]
    return spans if any(s < end and start < e for s, e in spans for start, end in near) else []


def _places(question: str, sentence: str, *, within: int) -> list[tuple[int, int]]:
    """What stands `within` so many words of a word of the question that is no name."""
    wanted = {t.key for t in tokens(question) if t.kind == "word"} - _FRAME
    found = tokens(sentence)
    return [
        (found[max(0, n - within)].start, found[min(len(found) - 1, n + within)].end)
        for n, token in enumerate(found)
        if token.kind == "word" and token.key in wanted
    ]


def asks_yes_or_no(question: str) -> str:
    """What a question wants a yes or a no to: "Did it rain?" → "it rain"; "" for others."""
    match = _QUESTIONS.yes_no.match(question)
    if match is None or _QUESTIONS.alternative.search(match["claim"]):
        return ""
    return match["claim"].strip(" ?.!")


def decide(
    claim: str, document: Document, start: int, end: int, *, said: Sequence[Statement] = ()
) -> Verdict | None:
    """Whether the sentence at `[start, end)` says or denies `claim`; None where it does neither.

    It must hold all of the claim's words but for some of its names (`tuned.DECIDES`), and nothing
    but a negation may speak against it. `said` are the document's statements.
    """
    sentence = document.text[start:end]
    if is_question(sentence) or _QUESTIONS.open_clause.search(sentence):
        return None
    passage = Passage(document.id, start, end, sentence)
    source = read_source(Evidence(1, passage), document, said)
    held = source.keys | {k for line in source.lines for k in line.earlier}
    wanted = [t for t in tokens(claim) if t.kind not in ("stop", "negation")]
    missing = [t for t in wanted if t.key not in held and not is_held(t.key, held)]
    if len(wanted) < tuned.DECIDED_WORDS or any(t.kind != "name" for t in missing):
        return None
    if len(missing) > (1 - tuned.DECIDES) * len(wanted):
        return None
    kinds = {c.kind for c in check_claim(claim, cited=[source])}
    if kinds - {"negation", "opinion", "speaker"}:
        return None
    speaker = next((s.speaker for s in source.statements), "")
    if "negation" in kinds or any(denies(s) for s in source.statements):
        return Verdict("no", speaker)
    # A "no" elsewhere in the sentence may be of this or of something else.
    return None if _NEGATIONS.denying.search(sentence) else Verdict("yes", speaker)


def show_verdicts(found: Iterable[Verdict | None]) -> str:
    """The verdicts of some sentences, the deciding one first, in one line; "" without one."""
    verdicts = [v for v in found if v is not None]
    if not verdicts:
        return ""
    if len({v.side for v in verdicts}) > 1:
        return "The documents differ."
    first = verdicts[0]
    word = first.side.capitalize()
    return f"{word}, according to {first.speaker}." if first.speaker else f"{word}."
