"""Whether whoever a claim names said it, and whether it tells as a fact what somebody says."""

import re
from collections.abc import Sequence

from rag import tuned
from rag.check.claims import (
    Token,
    is_reporting,
    tokens,
    turns_around,
)
from rag.check.reading import (
    Complaint,
    Placed,
    Source,
    all_keys,
    content_keys,
    is_content,
    is_held,
    is_saying,
    words_of,
)
from rag.language import LANGUAGE
from rag.language.stems import key_of
from rag.language.words import fold
from rag.statements.mentions import is_outlet, read_mention
from rag.types import Statement

_CALENDAR = LANGUAGE.calendar
_PRONOUNS = LANGUAGE.pronouns
_REPORTS = LANGUAGE.reports
_TITLES = LANGUAGE.titles
_VERBS = LANGUAGE.verbs
_STOP_WORDS = LANGUAGE.stop_words.words


def speaker_spans(text: str, said: Sequence[Statement]) -> list[tuple[int, int]]:
    """Where a sentence names those whom it has speak."""
    spans = [s.speaker_span for s in said if s.speaker_span and s.speaker_span[1] <= len(text)]
    cues = [s.cue_span for s in said if s.cue_span]
    # A "speaker" who holds a word of saying is half a sentence, misread.
    return [(a, b) for a, b in spans if not any(a <= start < b for start, _ in cues)]


def check_speakers(
    said: Sequence[Statement],
    cited: Sequence[Source],
    quoted: Sequence[Placed],
) -> list[Complaint]:
    """Whether whoever the sentence names said what it has them say."""
    found: list[Complaint] = []
    settled = {
        other
        for claim in said
        for other, source in _same_words(claim, cited, quoted)
        if _same_voice(claim, other, source)
    }
    for claim in said:
        words = [fold(w) for w in re.findall(r"[^\W_]+", claim.mention)]
        unnamed = all(w in _REPORTS.meta or w in _TITLES.generic for w in words)
        if unnamed and claim.speaker == claim.mention:
            continue
        if any(is_reporting(t) for t in tokens(claim.mention) if t.kind == "word"):
            continue  # half a sentence, misread
        theirs = _same_words(claim, cited, quoted)
        if not theirs:
            # Words that the sentence gives to two ("according to Finer, Washington sees …") are
            # theirs if they are one's.
            wrong = _check_words(claim, cited, quoted)
            if wrong and all(_check_words(c, cited, quoted) for c in said):
                found += wrong
            continue
        if any(_same_voice(claim, other, source) for other, source in theirs):
            matching = [o for o, source in theirs if _same_voice(claim, o, source)]
            if claim.negated not in {o.negated for o in matching} and not any(
                turns_around(t) for o in matching for t in tokens(o.cue)
            ):
                reason = f"{matching[0].speaker} is reported otherwise: “{matching[0].cue}”"
                found.append(Complaint("negation", claim.cue, reason))
            continue
        best = theirs[0][0]
        if any(_says_it(claim, other, source) for other, source in theirs):
            continue
        if any(other in settled for other, _ in theirs):
            continue  # the sentence gives these words to whoever said them as well
        surname = key_of(re.findall(r"[^\W_]+", claim.speaker)[-1]) if claim.speaker else ""
        if not any(o.certain for o, _ in theirs) and any(
            surname in line.keys for source in cited for line in source.lines
        ):
            continue  # whom "he" stands for there is a guess
        reason = f"the passage gives this as the words of {best.speaker}, not of {claim.speaker}"
        mention = (claim.mention or claim.speaker).strip()
        # "many forecasters had expected" of "despite the expectation of many forecasters"
        wanted = {key_of(w) for w in re.findall(r"[^\W_]+", mention)} - _STOP_WORDS
        named = any(wanted <= line.keys for source in cited for line in source.lines
                    if best in line.said)  # fmt: skip
        # "the organisation", "the campaign's director" may be whom the sentence names.
        certain = not named and (
            read_mention(best.speaker).name is not None or is_outlet(best.speaker)
        )
        found.append(Complaint("speaker", mention, reason, certain=certain))
    return found


def _check_words(
    claim: Statement, cited: Sequence[Source], quoted: Sequence[Placed]
) -> list[Complaint]:
    """Words in quotation marks that a passage has, but in a sentence of its own in which nobody
    speaks and whoever the claim has say them is not even named."""
    name = read_mention(claim.speaker).name
    if name is None or is_outlet(claim.speaker):
        return []
    surname = key_of(re.findall(r"[^\W_]+", name)[-1])
    for q in quoted:
        if not any(a < q.end and q.start < b for a, b in claim.content_spans):
            continue
        holding = [
            (line, source)
            for source in cited
            if source.document.id == q.document_id and surname not in source.described
            for line in source.lines
            if line.start < q.last and q.first < line.end
        ]
        if holding and not any(
            line.said
            or surname in line.keys
            or (surname in line.earlier and _PRONOUNS.person.search(line.text))
            or _is_spoken(source.document.text, q.first, q.last)
            for line, source in holding
        ):
            reason = f"the passage does not give these words as those of {name}"
            return [Complaint("speaker", claim.mention.strip() or name, reason)]
    return []


def _is_spoken(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is of what somebody says, who may be named in another sentence.

    More words in quotation marks than a term has are, and so is what stands in marks that opened
    earlier in its paragraph.
    """
    marked = any(mark in "“\"‘'" for mark in text[max(0, start - 1) : start + 1])
    if marked and len(text[start:end].split()) > tuned.TERM_WORDS:
        return True
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip("“\"‘' ")
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _says_it(claim: Statement, other: Statement, source: Source) -> bool:
    """Whether the claim's speaker stands beside a word of saying in the statement's sentences.

    The extraction misses some: the words of one within the words of another, say.
    """
    wanted = {
        key_of(w)
        for w in re.findall(r"[^\W_]+", claim.mention)
        if fold(w) not in _STOP_WORDS and fold(w) not in _TITLES.generic
    }
    for line in source.lines:
        if not wanted or other not in line.said or not wanted <= line.keys:
            continue
        at = [n for n, t in enumerate(line.tokens) if t.key in wanted]
        if any(is_saying(t) for n in at for t in line.tokens[max(0, n - 3) : n + 4]):
            return True
    return False


def _same_words(
    claim: Statement,
    cited: Sequence[Source],
    quoted: Sequence[Placed],
) -> list[tuple[Statement, Source]]:
    """The statements of the passages that say what `claim` says, the most alike first."""
    exact = []
    for source in cited:
        for other in source.statements:
            for q in quoted:
                if q.document_id != source.document.id or not any(
                    a < q.end and q.start < b for a, b in claim.content_spans
                ):
                    continue
                spans = [*other.content_spans, *filter(None, [other.lead_span])]
                if any(a < q.last and q.first < b for a, b in spans):
                    exact.append((other, source))
    if exact:
        return exact
    wanted = {t.key for t in tokens(claim.content) if is_content(t)}
    if len(wanted) < 2:
        return []
    scored = []
    for source in cited:
        for other in source.statements:
            mine = content_keys(f"{other.lead} {other.content}")
            share = sum(1 for k in wanted if k in mine or is_held(k, mine)) / len(wanted)
            scored.append((share, other, source))
    best = max((s for s, _, _ in scored), default=0.0)
    if best < tuned.SAME_CONTENT:
        return []
    # Said in the passage's own words as well, or by somebody whom the extraction missed.
    for source in cited:
        for line in source.lines:
            if len(wanted & line.narrated) / len(wanted) >= best:
                return []
    return [
        (other, source)
        for share, other, source in sorted(scored, key=lambda x: (-x[0], x[1].start))
        if share >= tuned.NEAR_BEST * best
    ]


def _same_voice(claim: Statement, other: Statement, source: Source) -> bool:
    theirs = words_of(
        other.speaker, other.mention, other.role or "", other.to, *other.via,
        other.outlet or "", source.document.source or "",
    )  # fmt: skip
    for candidate in dict.fromkeys((claim.speaker, claim.mention)):
        mention = read_mention(_CALENDAR.dated.sub("", candidate))
        if mention.name is not None:
            surname = key_of(re.findall(r"[^\W_]+", mention.name)[-1])
            possessor = re.search(
                rf"\b{re.escape(surname)}(?:[’']s|s[’'])\s", fold(other.speaker), re.IGNORECASE
            )
            if possessor and "’" not in candidate and "'" not in candidate:
                continue  # "Clinton's advisers" are not Clinton
            if surname in theirs or is_held(surname, theirs):
                given = [key_of(w) for w in mention.name.split()[:-1]]
                full = read_mention(other.speaker).name or ""
                # "Bill Clinton" is not "Hillary Clinton"; "Sayed Hassan N." is "Hassan N.".
                if (
                    len(full.split()) < 2
                    or not given
                    or any(g in theirs or is_held(g, theirs) for g in given)
                    or surname not in words_of(full)
                ):
                    return True
            continue
        wanted = {
            key_of(w)
            for w in re.findall(r"[^\W_]+", candidate)
            if fold(w) not in _TITLES.generic and fold(w) not in _REPORTS.meta and len(w) > 2
        }
        wanted = {k for k in wanted if k not in _REPORTS.small}
        if not wanted or wanted & theirs or any(is_held(k, theirs) for k in wanted):
            return True
    # A group stands for its member, and a chain for its end: "Reuters, citing three sources".
    return (
        is_outlet(claim.speaker)
        and is_outlet(other.speaker)
        and (key_of(claim.speaker.split()[-1]) in theirs)
    )


def is_person(speaker: str) -> bool:
    """Whether somebody by name speaks, whose words are an opinion where a ministry's, a company's
    or the police's are often told as facts."""
    name = read_mention(speaker).name
    if name is None or is_outlet(speaker) or name.isupper():
        return False
    return len(name.split()) > 1 or fold(speaker.split()[0]).strip(".") in _TITLES.words


def names_speaker(text: str, said: Sequence[Statement]) -> bool:
    """Whether `text` names one of those who speak: by surname, or in all words for who has none."""
    keys = {t.key for t in tokens(text)}
    for s in said if keys else ():
        name = read_mention(s.speaker).name
        words = re.findall(r"[^\W_]+", name)[-1:] if name else [s.speaker]
        wanted = words_of(*words) - _REPORTS.small
        if wanted and wanted <= keys:
            return True
    return False


def check_attribution(
    text: str,
    claim: Sequence[Token],
    content: Sequence[Token],
    cited: Sequence[Source],
    *,
    before: str = "",
) -> list[Complaint]:
    """Whether the sentence tells as a fact what the passage only has somebody say, whom the
    sentence `before` does not name either."""
    if _REPORTS.attributes.search(text):
        return []
    cues = {t.key for t in claim if t.kind == "word" and is_reporting(t)}
    wanted = {t.key for t in content}
    if len(wanted) < 2:
        return []
    best: tuple[float, Statement] | None = None
    for source in cited:
        for other in source.statements:
            if _VERBS.factive.match(fold(other.cue)) or fold(other.speaker) == fold(
                source.document.source or ""
            ):
                continue
            mine = content_keys(f"{other.lead} {other.content}")
            if not cues <= all_keys(f"{other.lead} {other.content}"):
                continue  # a word of saying that is not of what was said: it attributes
            share = sum(1 for k in wanted if k in mine or is_held(k, mine)) / len(wanted)
            if share >= tuned.SAME_CONTENT and (best is None or share > best[0]):
                best = (share, other)
    if best is None:
        return []
    speaker = read_mention(best[1].speaker).name
    if speaker and key_of(re.findall(r"[^\W_]+", speaker)[-1]) in wanted - content_keys(
        f"{best[1].lead} {best[1].content}"
    ):
        return []  # the sentence names who says it
    if names_speaker(before, [best[1]]):
        return []
    for source in cited:
        for line in source.lines:
            held = line.narrated
            share = sum(1 for k in wanted if k in held or is_held(k, held)) / len(wanted)
            if share >= tuned.NEAR_BEST * best[0]:
                return []
    reason = f"the passage gives this as the words of {best[1].speaker}, the sentence as a fact"
    # In a speech or a testimony every sentence is somebody's; what it tells are facts all the same.
    contested = bool(_REPORTS.contested.match(best[1].cue))
    person = best[1].kind != "turn" and (contested or is_person(best[1].speaker))
    return [Complaint("opinion", text.strip(), reason, certain=person)]
