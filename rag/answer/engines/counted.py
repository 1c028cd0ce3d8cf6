"""How many documents, and which: counted over all of them, each with its best line.

"How many articles mention Ebbers?", "How many speeches did Waller give in 2021?", "Which documents
does Berg speak in?" Knows no model.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import documents_meant
from rag.answer.engines.rows import Row, answer_rows, count, decline, name_document, tell_others
from rag.answer.limited import quote_within
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold, fold_letters, overlap, stem
from rag.language.words import words as words_in
from rag.question.parts import split_parts
from rag.statements.mentions import read_mention
from rag.statements.turns import is_menu
from rag.statements.voices import find_speakers
from rag.types import Answer, Document, Scope, Statement

_SHAPES, _TITLES = LANGUAGE.shapes, LANGUAGE.titles


def count_documents(asked: Answering) -> Answer | None:
    """All documents that mention what is asked for, or are of the kind that is."""
    query = asked.query
    words = [w for w in content_words(query.claim) if w not in LANGUAGE.questions.words]
    scope = _scope(asked)
    inside = asked.library.documents_in(scope)
    called = "document"
    if query.of_kind and (named := _of_kind(asked, inside, content_words(query.of_kind))):
        inside, called = frozenset(named), query.of_kind
        scope = replace(scope, documents=tuple(named))
    total = count(len(inside), called)
    if not words:
        return None
    what = _without_role(query.claim.strip())
    words = [w for w in words if w in content_words(what)]
    found = _holding(asked, words, scope)
    found = found or _holding_each(asked, scope)
    if not found and (names := _names_in(asked)):
        # "The killing of Qassem Soleimani": told in other words, of whom it names.
        words, what = names, " and ".join(asked.vocabulary.written(w) for w in names)
        found = _holding(asked, words, scope)
    if not found:
        what = query.claim.strip()
        return decline(asked, f"None of the {total} mentions “{what}”.")
    verb = "mentions" if len(found) == 1 else "mention"
    head = f"{len(found)} of {total} {verb} {what}"
    return _listed(asked, [id_ for id_, _ in found], words, head)


def gather_documents(asked: Answering) -> Answer | None:
    """The documents of a kind, an outlet, an author or a time, that somebody speaks in or that
    mention something; None where it is not known what the question calls them."""
    query = asked.query
    inside = asked.library.documents_in(asked.query.within or Scope())
    meant = _called(asked, inside)
    if meant is None:
        if any(part.outlets for part in split_parts(query.place, asked.sources)):
            return decline(asked, f"None of the {count(len(inside), 'document')} is {query.place}.")
        return None
    ids, told = meant
    of_kind = query.of_kind.split(" ")[-1] in _SHAPES.kinds
    total = count(len(ids), query.of_kind if of_kind else "document")
    if not of_kind and query.of_kind and len(ids) < len(inside):
        total = count(len(ids), f"{query.of_kind} document")
    if query.said_by:
        who = query.said_by[0]
        said = {id_: s for id_, s in _words_of(asked, who).items() if id_ in ids}
        if not said:
            return decline(asked, f"No words of {who} are known in the {total}{told} searched.")
        head = f"{who} speaks in {len(said)} of {total}{told}"
        return _listed(asked, sorted(said), (), head, said=said)
    words = [w for w in content_words(query.claim) if w not in LANGUAGE.questions.words]
    if query.claim:
        scope = replace(asked.query.within or Scope(), documents=tuple(sorted(ids)))
        found = _holding(asked, words, scope) if words else []
        found = found or _holding_each(asked, scope)
        if not found:
            return decline(asked, f"None of the {total}{told} mentions “{query.claim}”.")
        verb = "mentions" if len(found) == 1 else "mention"
        head = f"{len(found)} of {total}{told} {verb} {query.claim}"
        return _listed(asked, [id_ for id_, _ in found], words, head)
    verb = "is" if len(ids) == 1 else "are"
    whole = f", of {count(len(inside), 'document')}" if len(ids) < len(inside) else ""
    return _listed(asked, sorted(ids), (), f"There {verb} {total}{told}{whole}")


def _called(asked: Answering, inside: frozenset[str]) -> tuple[frozenset[str], str] | None:
    """The documents that the question calls by their kind and `place`, and that place in words."""
    query = asked.query
    kind, place = content_words(query.of_kind), " ".join(query.place.split())
    if kind and not _of_kind(asked, inside, kind) and len(kind) > 1:
        kind = kind[-1:]  # "recent speeches"
    if kind and kind[-1] not in _SHAPES.kinds:  # "tech stories" are files, "long articles" are not
        inside = frozenset(i for i in inside if kind[-1] in words_in(i)) or inside
        kind = []
    if not place:
        ids = frozenset(_of_kind(asked, inside, kind)) if kind else inside
        return (ids, "") if ids else None
    # Of a name the last word: "speech-waller-2021.txt" is Governor Christopher Waller's.
    name = [content_words(n)[-1] for n in query.names if content_words(n) and n in place][:1]
    of_kind = frozenset(_of_kind(asked, inside, kind)) if kind else inside
    named = frozenset(_of_kind(asked, inside, [*kind, *name])) if kind and name else frozenset()
    if not of_kind:
        return None
    meant = documents_meant(asked, place)
    ids = of_kind & frozenset(meant.ids) if meant is not None else frozenset()
    if not ids and named:  # the name is in what they are called
        ids = named
        if query.period is not None and meant is None:
            period = documents_meant(asked, f"from {query.period[0]} to {query.period[1]}")
            ids &= frozenset(period.ids) if period is not None else frozenset()
    whose = place.removeprefix("of ")
    if not ids and meant is None and kind and whose.isupper():
        # "FOMC minutes": whose they are stands in all of them.
        scope = replace(query.within or Scope(), documents=tuple(sorted(of_kind)))
        held = {id_ for id_, _ in _holding(asked, content_words(whose), scope)}
        ids = of_kind if held >= of_kind else ids
    return (ids, f" {place}") if ids else None


def _holding_each(asked: Answering, scope: Scope) -> list[tuple[str, int]]:
    """The documents that hold each of the names asked for, wherever: "Berg and Reed both"."""
    names = [content_words(name) for name in asked.query.names]
    left = set(content_words(asked.query.claim)) - {w for name in names for w in name}
    if len(names) < 2 or left - _SHAPES.joining:
        return []
    found = [dict(_holding(asked, name, scope)) for name in names]
    return [(id_, times) for id_, times in found[0].items() if all(id_ in f for f in found)]


def _words_of(asked: Answering, who: str) -> dict[str, Statement]:
    """{document: the longest that `who` says in it, in their own words rather than reported}."""
    speakers = find_speakers(who, asked.speakers_like(who), variants=dict(asked.query.variants))
    found: dict[str, Statement] = {}
    for s in asked.statements_by(speakers):
        best = found.setdefault(s.document_id, s)
        if (s.kind == "direct", len(s.content)) > (best.kind == "direct", len(best.content)):
            found[s.document_id] = s
    return found


def _without_role(what: str) -> str:
    """ "EU commissioner Thierry Breton" → "Thierry Breton", who is not always called so; what is no
    name with an office before it stays."""
    name = read_mention(what).name or ""
    before = what.removesuffix(name).split()
    if len(name.split()) < 2 or not what.endswith(name) or not before:
        return what
    # "American Red Cross" is a name with what stands before it.
    office = before[-1].islower() or fold(before[-1]) in _TITLES.words | _TITLES.roles
    return name if office else what


def _names_in(asked: Answering) -> list[str]:
    """The last words of the names in what is to be mentioned, where there is more to it."""
    claimed = set(content_words(asked.query.claim))
    names = [content_words(name) for name in asked.query.names]
    if claimed <= {w for name in names for w in name}:
        return []
    return [w for name in names for w in name[-1:] if w in claimed]


def _scope(asked: Answering) -> Scope:
    outer = asked.query.within or Scope()
    pointed = asked.pointed
    period = asked.query.period is not None and pointed is not None and pointed.spans is None
    return pointed.scope if period and pointed is not None else outer


def _holding(asked: Answering, words: Sequence[str], scope: Scope) -> list[tuple[str, int]]:
    """The documents that hold a name as it is written, else all of the words in one passage."""
    spellings = dict(asked.query.variants)
    phrase = " ".join(fold_letters(w) for w in words).replace('"', "")
    tries = [f'"{phrase}"']
    for word, other in spellings.items():
        if word in words:
            tries[0] += f' OR "{phrase.replace(word, fold_letters(other))}"'
    if len(words) > 1:
        each = ([w, spellings[w]] if w in spellings else [w] for w in words)
        forms = (" OR ".join(f'"{fold_letters(f)}"' for f in forms) for forms in each)
        tries.append(" AND ".join(f"({form})" for form in forms))
    for match in tries:
        if found := asked.library.documents_holding(match, scope=scope):
            return found
    return []


def _of_kind(asked: Answering, inside: Collection[str], words: Sequence[str]) -> list[str]:
    """The documents whose title or file's name holds all of `words`."""
    sets = [asked.titles.get(stem(w), frozenset()) for w in words]
    found = frozenset.intersection(*sets) if sets else frozenset()
    return sorted(found & frozenset(inside))


def _listed(
    asked: Answering,
    ids: Sequence[str],
    words: Sequence[str],
    head: str,
    *,
    said: Mapping[str, Statement] | None = None,
) -> Answer | None:
    """A row for each document: what somebody says in it, or the line that holds most of `words`."""
    shown = asked.get_documents(ids[: tuned.MAX_ROWS])
    rows = []
    for document in (shown[i] for i in ids[: tuned.MAX_ROWS] if i in shown):
        if said is None:
            place = _best_line(asked, document, words)
        else:
            place = quote_within(document, said[document.id], asked.holds)
        rows.append(Row(name_document(document), document, *place))
    if not rows:
        return None
    more = len(ids) - len(rows)
    rest = asked.get_documents(ids[tuned.MAX_ROWS :][: tuned.MAX_NAMED])
    told = tell_others([name_document(d) for d in rest.values()], of=more)
    return answer_rows(asked, rows, shape="count", headline=f"{head}.", note=told)


def _best_line(asked: Answering, document: Document, words: Sequence[str]) -> tuple[int, int]:
    """The first of the whole sentences that hold most of `words`; of lines, if there are none."""
    text = document.text[: document.body]
    spans = [span for span in sentences(text) if asked.holds(document.id, *span)]
    whole = [
        span
        for span in spans
        if text[slice(*span)].rstrip("\"”’') ")[-1:] in (".", "!", "?")
        and not is_menu(text[slice(*span)])
    ]
    if not words:  # whatever opens it, but "CHAIR POWELL."
        long = [s for s in whole if len(text[slice(*s)].split()) >= tuned.DIGEST_WORDS]
        return (long or whole or spans or [(0, len(text))])[0]
    best, held = (whole or spans or [(0, len(text))])[0], 0
    for span in (*whole, *spans):
        found = len(overlap(words, text[slice(*span)]))
        if found > held:
            best, held = span, found
        if held == len(words):
            break
    return best
