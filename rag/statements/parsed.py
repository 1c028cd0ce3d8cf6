"""Reads sentences with spaCy's dependency parse. Knows nothing about documents or speakers."""

from collections.abc import Iterator
from typing import Any

from rag.statements.clauses import Clause, Span
from rag.statements.cues import (
    ACT,
    CLAUSE_ONLY,
    MENTAL,
    NEGATIONS,
    PREPOSITIONS,
    QUOTED,
    REFUSALS,
    SAY,
    SHOW,
    STUDIES,
    TELL,
    VERBS,
)

_CLAUSES = frozenset(("ccomp",))
_CLIMB = frozenset(("xcomp", "advcl", "conj", "pcomp", "acl"))
_TIME = frozenset("on in at during after before since for to as by from with via through".split())
_RELATIVE = frozenset("who which that".split())
_MAX_SUBJECT_TOKENS = 45
_BATCH = 64


class ParsedSentences:
    """A `SentenceReader` over a spaCy pipeline with tagger and parser."""

    def __init__(self, pipeline: Any, *, name: str) -> None:
        self._pipeline = pipeline
        self.name = name

    def read(self, texts: list[str]) -> list[list[Clause]]:
        return [list(_clauses(doc)) for doc in self._pipeline.pipe(texts, batch_size=_BATCH)]


def _clauses(doc: Any) -> Iterator[Clause]:
    for token in doc:
        lower = token.lower_
        if lower == "according":
            clause = _according(token)
        elif lower in VERBS and token.tag_.startswith("VB"):
            clause = _reporting(token, VERBS[lower])
        else:
            continue
        if clause is not None:
            yield clause


def _according(token: Any) -> Clause | None:
    to = next((c for c in token.children if c.lower_ == "to"), None)
    speaker = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if speaker is None:
        return None
    head = token.head
    while head.dep_ in ("prep", "pobj", "amod", "advmod") and head.head is not head:
        head = head.head
    left, right = token.left_edge.i, speaker.right_edge.i
    content = _without(head, {t.i for t in token.doc[left : right + 1]})
    return Clause(
        "according",
        (token.idx, to.idx + len(to)),
        _span(speaker),
        content,
    )


def _reporting(verb: Any, lemma: str) -> Clause | None:
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    children = list(verb.children)
    if passive:
        return _passive(verb, lemma, children)
    if verb.tag_ == "VBN" and not any(c.dep_ == "aux" for c in children) and verb.dep_ == "acl":
        agent = _agent(children)
        if agent is None:
            return None
        return Clause(lemma, _cue(verb), _span(agent), (_noun_span(verb.head),))
    subject = _subject(verb)
    recipient = None
    content: tuple[Span, ...] = ()
    clauses = [c for c in children if c.dep_ in _CLAUSES and not _is_subjectless_gerund(c)]
    objects = [c for c in children if c.dep_ in ("dobj", "dative", "oprd", "attr")]
    xcomps = [c for c in children if c.dep_ == "xcomp"]
    if lemma in QUOTED:
        return Clause(lemma, _cue(verb), _span(subject), (), None) if subject else None
    if clauses:
        content = _cover(clauses, verb)
        if objects and lemma in TELL | {"write", "email", "text", "promise"}:
            recipient = _span(objects[0])
    elif lemma in TELL and objects:
        recipient = _span(objects[0])
        if xcomps:
            content = _cover(xcomps, verb)
        elif lemma in ACT and lemma in ("ask", "urge", "press", "warn"):
            content = _cover(objects + _prepositions(verb, lemma), verb)
        else:
            content = _cover(_prepositions(verb, lemma, default="about of"), verb)
    elif lemma in ACT or (lemma in SAY and lemma not in CLAUSE_ONLY):
        rest = objects + xcomps + _prepositions(verb, lemma, default="as")
        if lemma in ("decline", "refuse") and not xcomps:
            rest = []
        content = _cover(rest, verb)
    elif lemma in MENTAL:
        rest = xcomps if lemma in CLAUSE_ONLY else [*objects, *xcomps, *_prepositions(verb, lemma)]
        content = _cover(rest, verb)
    if not content and verb.dep_ in ("parataxis", "advcl", "ccomp", "conj", "ROOT", "relcl"):
        content = _around(verb, subject)
    if subject is None:
        return Clause(lemma, _cue(verb), None, content, recipient, _negated(verb))
    if not _can_speak(subject, lemma, bool(content)):
        return None
    if not content and lemma not in SAY | TELL | ACT:
        return None
    span = _noun_span(subject) if verb.dep_ in ("relcl", "acl") else _span(subject)
    span = _clip(span, verb, before=subject.i < verb.i)
    return Clause(lemma, _cue(verb), span, content, recipient, _negated(verb))


def _passive(verb: Any, lemma: str, children: list[Any]) -> Clause | None:
    patient = next((c for c in children if c.dep_ == "nsubjpass"), None)
    agent = _agent(children)
    if agent is not None and patient is not None:
        rest = [c for c in children if c.dep_ in ("oprd", "xcomp", "ccomp")]
        rest += [c for c in children if c.dep_ == "prep" and c.lower_ == "as"]
        spans = (_span(patient), *_cover(rest, verb))
        return Clause(lemma, _cue(verb), _span(agent), tuple(sorted(spans)), None, _negated(verb))
    if lemma in ("quote", "cite") and patient is not None:
        saying = next((d for d in verb.subtree if d.lower_ in ("saying", "telling")), None)
        content = (
            _cover([c for c in saying.children if c.dep_ == "ccomp"], saying) if saying else ()
        )
        return Clause(lemma, _cue(verb), _span(patient), content, None, _negated(verb))
    return None


def _agent(children: list[Any]) -> Any | None:
    by = next((c for c in children if c.dep_ == "agent"), None)
    return next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None


def _subject(verb: Any, depth: int = 0) -> Any | None:
    """The token that heads the phrase of whoever does what `verb` says."""
    own = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass", "csubj")), None)
    if own is not None:
        if verb.dep_ == "relcl" and own.lower_ in _RELATIVE:
            return verb.head
        if own.lower_ in _RELATIVE and verb.dep_ == "conj":
            return _subject(verb.head, depth + 1) if depth < 4 else None
        return own
    if depth > 3 or verb.head is verb:
        return None
    if verb.dep_ in ("acl", "relcl") and verb.head.tag_.startswith("NN"):
        return verb.head
    if verb.dep_ in ("xcomp", "advcl", "conj", "pcomp", "ccomp", "acl", "parataxis", "dep"):
        head = verb.head
        if head.dep_ == "prep":  # "after saying …", "in describing …"
            head = head.head
        if verb.dep_ == "xcomp" and VERBS.get(head.lower_) in TELL:
            other = next((c for c in head.children if c.dep_ == "dobj"), None)
            if other is not None:
                return other  # "urged her to say"
        if head.tag_.startswith("VB") or head.tag_ in ("JJ", "MD"):
            return _subject(head, depth + 1)
        if head.tag_.startswith("NN") and verb.dep_ == "acl":
            return head
    return None


def _can_speak(subject: Any, lemma: str, has_content: bool) -> bool:
    word = subject.lower_
    if word in (
        "i",
        "we",
        "you",
        "there",
        "what",
        "this",
        "that",
        "which",
        "these",
        "those",
        "one",
    ):
        return False
    if word == "it":
        return lemma in SAY and lemma not in MENTAL | SHOW or lemma in ("say", "report")
    if lemma in SHOW - {"say", "report", "suggest", "indicate", "conclude", "estimate", "reveal"}:
        return word in STUDIES
    return True


def _prepositions(verb: Any, lemma: str, default: str = "") -> list[Any]:
    wanted = (PREPOSITIONS.get(lemma, "") + " " + default).split()
    return [
        c for c in verb.children
        if c.i > verb.i and c.dep_ in ("prep", "prt", "dative", "agent") and c.lower_ in wanted
    ]  # fmt: skip


def _is_subjectless_gerund(token: Any) -> bool:
    return False


def _cover(tokens: list[Any], verb: Any) -> tuple[Span, ...]:
    """What `tokens` and all that hangs on them cover, on each side of the verb."""
    before = [t for t in tokens if t.i < verb.i]
    after = [t for t in tokens if t.i > verb.i]
    spans: list[Span] = []
    for side, limit in ((before, verb.left_edge.i), (after, None)):
        if not side:
            continue
        first = min(t.left_edge.i for t in side)
        last = max(t.right_edge.i for t in side)
        if side is before:
            last = min(last, verb.i - 1)
        else:
            first = max(first, verb.i + 1)
        spans += _trimmed(verb.doc, first, last)
    return tuple(spans)


def _around(verb: Any, subject: Any | None) -> tuple[Span, ...]:
    """The clause that "he said" is put into: its head's words without its own."""
    if verb.dep_ in ("parataxis", "advcl", "ccomp", "conj") and verb.head.tag_.startswith("VB"):
        own = {t.i for t in verb.subtree}
        if verb.dep_ in ("advcl", "conj"):
            return ()
        spans = _without(verb.head, own)
        return spans
    return ()


def _without(head: Any, own: set[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    run: list[int] = []
    for token in head.subtree:
        if token.i in own:
            if run:
                spans += _trimmed(head.doc, run[0], run[-1])
            run = []
        else:
            if run and token.i != run[-1] + 1:
                spans += _trimmed(head.doc, run[0], run[-1])
                run = []
            run.append(token.i)
    if run:
        spans += _trimmed(head.doc, run[0], run[-1])
    return tuple(spans)


def _trimmed(doc: Any, first: int, last: int) -> list[Span]:
    while first <= last and (
        doc[first].is_space or doc[first].text in (",", ";", ":", "—", "–", "-", ".")
    ):
        first += 1
    while last >= first and (
        doc[last].is_space or doc[last].text in (",", ";", ":", "—", "–", "-", ".")
    ):
        last -= 1
    if last < first or (last == first and not doc[first].text[0].isalnum()):
        return []
    return [(doc[first].idx, doc[last].idx + len(doc[last]))]


def _span(token: Any) -> Span:
    first, last = token.left_edge.i, token.right_edge.i
    found = _trimmed(token.doc, first, last)
    if not found or last - first > _MAX_SUBJECT_TOKENS:
        return _noun_span(token)
    return found[0]


def _noun_span(token: Any) -> Span:
    """The phrase of `token` without the clauses that hang on it."""
    last = token.i
    for child in token.children:
        if child.i > token.i:
            if child.dep_ in ("relcl", "acl", "advcl", "conj", "cc", "punct"):
                break
            last = max(last, child.right_edge.i)
    return (token.left_edge.idx, token.doc[last].idx + len(token.doc[last]))


def _clip(span: Span, verb: Any, *, before: bool) -> Span:
    """`span` on its side of the verb: a wrong parse may reach over it."""
    start, end = span
    if before:
        return (start, min(end, verb.idx)) if start < verb.idx else span
    return (max(start, verb.idx + len(verb)), end)


def _cue(verb: Any) -> Span:
    """The verb with its auxiliaries, negation and adverbs right before it."""
    first = verb.i
    while first > 0:
        before = verb.doc[first - 1]
        if before.head is verb and before.dep_ in ("aux", "neg", "auxpass", "advmod"):
            first -= 1
        else:
            break
    last = verb.i
    if last + 1 < len(verb.doc) and verb.doc[last + 1].dep_ == "prt":
        last += 1
    return (verb.doc[first].idx, verb.doc[last].idx + len(verb.doc[last]))


def _negated(verb: Any) -> bool:
    if any(c.dep_ == "neg" or c.lower_ in NEGATIONS for c in verb.children):
        return True
    return verb.dep_ == "xcomp" and VERBS.get(verb.head.lower_) in REFUSALS
