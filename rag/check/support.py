"""Whether passages bear out what a sentence claims. Knows nothing about markers or models.

Near-verbatim sentences are aligned with the passage's word by word, and a difference in a name, a
number, a negation or a hedge is a complaint (`wording`), and so are an opposite, another word and a
clause of its own (`changes`). Looser ones are compared in the
neighbourhood of each such word: the passage's sentence that shares most with the words around it
must hold it too (`facts`). Who says what is compared with the statements of the documents
(`speakers`). `reading` is what all of them see of a passage.
"""

from collections.abc import Sequence

from rag import tuned
from rag.check.changes import check_changes
from rag.check.claims import Token, names, tokens
from rag.check.facts import check_dates, check_name, check_number
from rag.check.reading import (
    Complaint,
    Neighbourhood,
    Placed,
    Source,
    is_content,
    is_held,
    read_source,
)
from rag.check.speakers import (
    check_attribution,
    check_speakers,
    names_speaker,
    speaker_spans,
)
from rag.check.wording import check_dropped, check_mood, check_polarity, compare
from rag.language import LANGUAGE
from rag.types import Statement

_FORMULA = LANGUAGE.negations.formula
_REPORTS = LANGUAGE.reports

__all__ = ["Complaint", "Placed", "Source", "check_claim", "read_source"]


def check_claim(
    text: str,
    *,
    cited: Sequence[Source],
    said: Sequence[Statement] = (),
    quoted: Sequence[Placed] = (),
    before: str = "",
    known: frozenset[str] = frozenset(),
    alike: bool = False,
) -> list[Complaint]:
    """What of one sentence the passages it cites do not bear out; [] if all of it stands.

    `text` has no markers. `said` are the statements that the sentence itself makes (its own spans),
    `quoted` its quotations that have been found; `before` is the sentence before it, which may have
    named whoever goes on to speak, `known` words of the other passages that were shown.
    `alike` is set where it means what they do, however few of their words it has.
    """
    # "asked not to be named": a "not" of form, which a passage may put otherwise.
    text = _FORMULA.sub(lambda m: " " * len(m[0]), text)
    claim = tokens(text)
    marks = [(q.start, q.end) for q in quoted]
    free = [t for t in claim if not any(a <= t.start < b for a, b in marks)]
    content = [t for t in claim if is_content(t)]
    if not content:
        return []
    lines = [line for source in cited for line in source.lines]
    found: list[Complaint] = []
    speakers = speaker_spans(text, said)
    places = {t.start: n for n, t in enumerate(claim)}
    near = Neighbourhood(claim, lines)

    weak = _coverage(content, cited, said, text)
    least = tuned.MIN_SHORT if len(content) <= tuned.SHORT_CLAIM else tuned.MIN_COVERAGE
    if weak is not None and not quoted and weak < least and not alike:
        return [Complaint("support", text, "the passage does not say this")]

    for token in free:
        if token.kind == "number":
            complaint = check_number(token, claim, places[token.start], near, cited)
            if complaint:
                found.append(complaint)
    found += check_dates(text, free, near, places, cited, marks)
    wrong = check_speakers(said, cited, quoted)
    found += wrong
    settled = [c.text for c in wrong]
    for group in names(tuple(free)):
        spans = [(a, b) for a, b in speakers if a <= group[0].start < b]
        if any(text[a:b].strip() in settled for a, b in spans):
            continue
        left = text[: group[0].start].rstrip(" \"“‘'(*")
        complaint = check_name(
            group,
            claim,
            near,
            places,
            cited,
            opens=not left or left[-1] in ".!?:–—•-\n",
            known=known,
        )
        if complaint:
            found.append(complaint)
    found += check_polarity(claim, free, near, places)
    found += check_dropped(free, claim, near, places)
    found += check_mood(text, claim, lines)
    attributed = (
        bool(said)
        or _REPORTS.attributes.search(text)
        or names_speaker(before, [x for s in cited for x in s.statements])
    )
    found += compare(claim, marks, lines, speakers, bare=not attributed)
    held = frozenset(k for s in cited for k in s.keys | s.described)
    found += check_changes(claim, marks, lines, held)
    if not said:
        found += check_attribution(text, claim, content, cited, before=before)
    return _once(found)


def _coverage(
    content: Sequence[Token], cited: Sequence[Source], said: Sequence[Statement], text: str
) -> float | None:
    """The share of the claim's words that the cited passages hold; None without words to share.

    Who says it is checked by itself.
    """
    spans = speaker_spans(text, said)
    wanted = {t.key for t in content if not any(a <= t.start < b for a, b in spans)}
    if not wanted:
        return None
    held = frozenset().union(
        *(s.keys | s.described | frozenset(k for x in s.lines for k in x.earlier) for s in cited)
    )
    return sum(1 for k in wanted if k in held or is_held(k, held)) / len(wanted)


def _once(found: Sequence[Complaint]) -> list[Complaint]:
    kept: dict[tuple[str, str], Complaint] = {}
    for complaint in found:
        kept.setdefault((complaint.kind, complaint.text), complaint)
    return list(kept.values())
