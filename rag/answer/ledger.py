"""Statements that answer a question, by speaker. Knows nothing about files, indexes or models.

A statement is ranked by how much of what is asked its words hold (inverse document frequency).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag import tuned
from rag.language import LANGUAGE
from rag.language.words import content_words, fold, overlap
from rag.models import SentenceReader
from rag.statements.mentions import is_named, is_outlet
from rag.statements.voices import is_same_speaker, last_name
from rag.types import Statement

_NEGATIONS = LANGUAGE.negations


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with how well it answers, 0 to about 1.3, and the share of what is asked that
    its words hold."""

    statement: Statement
    score: float
    covered: float = 0.0


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything that one speaker says to the question, best first."""

    name: str
    role: str | None
    said: tuple[Said, ...]

    @property
    def score(self) -> float:
        return self.said[0].score

    @property
    def is_named(self) -> bool:
        return is_named(self.name)


def rank_statements(
    statements: Sequence[Statement],
    *,
    terms: Sequence[str],
    rarity: Mapping[str, float],
    phrases: Sequence[str] = (),
    variants: Mapping[str, str] | None = None,
    read: Callable[[Sequence[Statement]], Sequence[float]] | None = None,
    most: int = 24,
) -> list[Said]:
    """`statements`, best first; ties by document and position.

    `terms` are the content words of what was said, `phrases` what the question puts in quotation
    marks, `variants` other spellings of terms. `read` says how near the `most` that share most
    words come (cosines), for what is asked in other words; without it words decide.
    """
    total = sum(rarity.get(t, 1.0) for t in terms) or 1.0
    wanted = [fold(p) for p in phrases]
    covered = {}
    for number, statement in enumerate(statements):
        beside = f"{statement.content} {' '.join(statement.via)} {statement.to}"
        held = _held(terms, beside, variants)
        before = _held(terms, statement.lead, variants) - held
        share = tuned.LEAD_COUNTS * sum(rarity.get(t, 1.0) for t in before) / total
        share += sum(rarity.get(t, 1.0) for t in held) / total
        # Of two that hold the same words the shorter is meant: what is reported within a report.
        share += tuned.CONCISE * len(held) / (len(content_words(statement.content)) or 1)
        exact = any(p in fold(statement.content) for p in wanted)
        covered[number] = share + (tuned.STATEMENT_PHRASE if exact else 0.0)
    order = sorted(covered, key=lambda n: (-covered[n], _place(statements[n])))
    if read is None or not order:
        return [Said(statements[n], covered[n], covered[n]) for n in order]
    order = order[:most]
    scores = {
        n: tuned.STATEMENT_COVERS * covered[n] + (1 - tuned.STATEMENT_COVERS) * _reads(near)
        for n, near in zip(order, read([statements[n] for n in order]), strict=True)
    }
    order.sort(key=lambda n: (-scores[n], _place(statements[n])))
    return [Said(statements[n], scores[n], covered[n]) for n in order]


def _reads(cosine: float) -> float:
    """How late interaction's cosine of a statement tells, 0 to 1."""
    return 1 / (1 + math.exp(-tuned.READS_SLOPE * (cosine - tuned.READS_MIDDLE)))


def rank_by_topic(
    topic: str,
    statements: Sequence[Statement],
    *,
    terms: Sequence[str],
    rarity: Mapping[str, float],
    read: SentenceReader | None = None,
) -> list[Said]:
    """`statements`, those nearest to a topic first, whichever side of it they take.

    What `read` scores is scaled to its own best and worst: it compares, it does not decide.
    """
    covered = [
        coverage(terms, f"{s.speaker} {s.lead} {s.content}", rarity=rarity) for s in statements
    ]
    scores = covered
    places = [(s.document_id, s.start, s.end) for s in statements]
    found = read(topic, places) if read is not None and len(statements) > 1 else None
    if found:
        near = [one.alone.whole for one, _ in found]
        low, spread = min(near), max(near) - min(near)
    if found and spread:
        scores = [
            tuned.TOPIC_WEIGHT * (f - low) / spread + (1 - tuned.TOPIC_WEIGHT) * c
            for f, c in zip(near, covered, strict=True)
        ]
    order = sorted(range(len(statements)), key=lambda n: (-scores[n], _place(statements[n])))
    return [Said(statements[n], scores[n], covered[n]) for n in order]


def coverage(terms: Sequence[str], text: str, *, rarity: Mapping[str, float]) -> float:
    """The share of `terms` that `text` holds, rare ones counting for more: 0 to 1."""
    total = sum(rarity.get(t, 1.0) for t in terms) or 1.0
    return sum(rarity.get(t, 1.0) for t in overlap(terms, text)) / total


def as_sentence(statement: Statement) -> str:
    """Who said what, on one line."""
    who = statement.speaker + (f", {statement.role}," if statement.role else "")
    if statement.via:
        who += f" (through {', '.join(statement.via)})"
    to = f" {statement.to}" if statement.to else ""
    said = f"{who} {statement.cue or 'said'}{to}: {statement.content}"
    return f"{statement.lead} {said}" if statement.lead else said


def group_by_speaker(
    ranked: Sequence[Said], *, variants: Mapping[str, str] | None = None
) -> list[Voice]:
    """`ranked`, one `Voice` a speaker, in the order of their best statements.

    `variants` maps the other spellings of a name to one of them (Meshaal → Meshal).
    """
    groups: list[list[Said]] = []
    names: list[str] = []
    # Only who has the last name of another can be the same: whoever quotes everybody has thousands.
    by_last: dict[str, list[int]] = {}
    for said in ranked:
        name = said.statement.speaker
        alike = by_last.setdefault(last_name(name, variants=variants), [])
        for number in alike:
            other = names[number]
            if is_same_speaker(name, other, variants=variants):
                groups[number].append(said)
                if len(name) > len(other) and is_named(name):
                    names[number] = name
                break
        else:
            alike.append(len(groups))
            groups.append([said])
            names.append(name)
    voices = []
    for name, group in zip(names, groups, strict=True):
        role = next((s.statement.role for s in group if s.statement.role), None)
        voices.append(Voice(name, role, tuple(group)))
    return voices


def count_independent(statements: Sequence[Statement]) -> int:
    """How many independent sources `statements` have.

    Documents that carry the same words, or name the same agency for them, count once; people
    who are named each speak for themselves, in one document too.
    """
    clusters: list[list[Statement]] = []
    for statement in sorted(statements, key=_place):
        for cluster in clusters:
            if any(_same_source(statement, other) for other in cluster):
                cluster.append(statement)
                break
        else:
            clusters.append([statement])
    return len(clusters)


def denies(statement: Statement) -> bool:
    """Whether the speaker denies or negates something."""
    return statement.negated or bool(
        _NEGATIONS.denying.search(f"{statement.cue} {statement.content}")
    )


def _same_source(one: Statement, other: Statement) -> bool:
    people = all(is_named(s.speaker) and not is_outlet(s.speaker) for s in (one, other))
    if people and not is_same_speaker(one.speaker, other.speaker):
        return False
    if one.document_id == other.document_id:
        return True
    agencies = {fold(v) for v in _chain(one)} & {fold(v) for v in _chain(other)}
    if agencies:
        return True
    a, b = set(content_words(one.content)), set(content_words(other.content))
    return len(a & b) >= tuned.SAME_REPORT * max(1, min(len(a), len(b)))


def _held(terms: Sequence[str], text: str, variants: Mapping[str, str] | None) -> set[str]:
    """Those of `terms` that `text` holds, in either spelling."""
    held = overlap(terms, text)
    other = {v: t for t, v in (variants or {}).items() if t in terms}
    return held | {other[v] for v in overlap(other, text)}


def _chain(statement: Statement) -> list[str]:
    return [n for n in (*statement.via, statement.speaker, statement.outlet or "") if is_outlet(n)]


def _place(statement: Statement) -> tuple[str, int, int]:
    return statement.document_id, statement.start, statement.end
