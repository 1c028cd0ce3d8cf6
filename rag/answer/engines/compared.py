"""Two sides of a comparison, each with its best sentences. Knows no model."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.figures import gives_figure
from rag.answer.engines.rows import Row, answer_rows
from rag.answer.quotes import Sentence, choose
from rag.language import LANGUAGE
from rag.language.dates import head_of
from rag.language.words import content_words, fold, overlap
from rag.question.parts import split_parts
from rag.search.pointing import find_pointed
from rag.types import Answer, Document, Query, Scope


def compare_sides(asked: Answering) -> Answer | None:
    """What the documents say of one side, then of the other; None where of neither."""
    sides = _sides(asked.query)
    if sides is None:
        return None
    rows: list[Row] = []
    missing: list[str] = []
    for side in sides:
        other = sides[1] if side == sides[0] else sides[0]
        own = set(content_words(side)) - set(content_words(other))
        found = _of_side(asked, side, own=own, taken=rows)
        rows += found
        if not found:
            missing.append(side)
    if len(missing) == len(sides) or not rows:
        return None
    note = f"The documents tell nothing of {missing[0]}." if missing else None
    head = f"{sides[0]} beside {sides[1]}:"
    return answer_rows(
        asked, rows, shape="compare", headline=head[:1].upper() + head[1:], note=note
    )


def _sides(query: Query) -> tuple[str, str] | None:
    """What is compared: of two whose words are asked for, and who are not known to speak ("what the
    United States and Israel say"), what is told of each."""
    if query.sides is None and len(query.said_by) == 2:
        one, other = (f"{who} {query.claim}".strip() for who in query.said_by)
        return one, other
    return query.sides


def _of_side(
    asked: Answering, side: str, *, own: Collection[str], taken: Sequence[Row]
) -> list[Row]:
    """The rows of a side, none of those `taken`; `own` are the words by which it differs from the
    other one."""
    # What is asked of either stands in the side itself, unless it was learnt what that is.
    about = asked.query.claim if asked.query.learnt else ""
    query = replace(asked.read(f"{side} {about}".strip()), parts=())
    for within in (_own_documents(asked, side), None):
        narrowed = query if within is None else replace(query, within=within)
        if rows := _best(asked, narrowed, side, own, taken):
            return rows
    return []


def _best(
    asked: Answering, query: Query, side: str, own: Collection[str], taken: Sequence[Row]
) -> list[Row]:
    evidence = asked.search(query, k=len(asked.evidence) or tuned.MAX_ROWS)
    ranked, documents = asked.rank(query, evidence)
    known = {(row.document.id, row.start) for row in taken}
    ranked = [
        s for s in ranked if not s.asks and (s.evidence.passage.document_id, s.start) not in known
    ]
    called = _called(own, documents)
    for wanted in (_in_own_words(asked, query), called, _with_figures(query, documents)):
        ranked = [s for s in ranked if wanted(s)] or ranked
    if not ranked or ranked[0].score < tuned.ABSTAIN_PARTS:
        return []
    best = choose(ranked, documents=documents)
    return [Row(side, documents[s.evidence.passage.document_id], s.start, s.end) for s in best]


def _called(own: Collection[str], documents: Mapping[str, Document]) -> Callable[[Sentence], bool]:
    """Whether a sentence is of a side by its own words, or its document by its name."""

    def calls(sentence: Sentence) -> bool:
        d = documents[sentence.evidence.passage.document_id]
        text = d.text[max(0, sentence.start - tuned.BEFORE_ROW) : sentence.end]
        return bool(overlap(list(own), f"{head_of(d.title, d.source, d.date)} {d.id} {text}"))

    return calls if own else lambda sentence: True


def _own_documents(asked: Answering, side: str) -> Scope | None:
    """ "Wired's review": the documents of the outlet that a side names, if it names one."""
    outlets = {o for part in split_parts(side, asked.sources) for o in part.outlets}
    called = fold(side).removeprefix("the ")  # "The Verge explain …"
    outlets |= {
        o for o in asked.sources if f"{called} ".startswith(f"{fold(o).removeprefix('the ')} ")
    }
    scope = asked.query.within or Scope()
    if not outlets or scope.outlets:
        return None
    return replace(scope, outlets=tuple(sorted(outlets)))


def _in_own_words(asked: Answering, query: Query) -> Callable[[Sentence], bool]:
    """ "What Powell said in May": whether it stands in his words, where those are known."""
    pointed = find_pointed(query, asked.library, asked.titles) if query.said_by else None
    if pointed is None or pointed.spans is None:
        return lambda sentence: True
    return lambda s: pointed.covers(s.evidence.passage.document_id, s.start, s.end)


def _with_figures(query: Query, documents: Mapping[str, Document]) -> Callable[[Sentence], bool]:
    """Whether it is likely enough and gives the figure that is compared, if one is."""
    if not LANGUAGE.shapes.figures.search(query.text):
        return lambda sentence: True

    def gives(sentence: Sentence) -> bool:
        text = documents[sentence.evidence.passage.document_id].text
        told = text[sentence.start : sentence.end]
        return sentence.score >= tuned.ABSTAIN_PARTS and gives_figure(told, query.text)

    return gives
