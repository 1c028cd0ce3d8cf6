"""A sentence → tokens and the phrases that can name a speaker, by word patterns.

Knows nothing about verbs of speech or what was said.
"""

import re
from dataclasses import dataclass

from rag import tuned
from rag.language import Language
from rag.language.tables import Grammar

Phrase = tuple[int, int]
"""The first and the last token of a phrase."""

_TOKEN = re.compile(r"``|''|[^\W_](?:[\w’'\-]|\.(?=\w))*|[^\w\s]")
_CLOSES = "”»\"''"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark of a sentence; `quoted` within quotation marks, the marks included."""

    start: int
    end: int
    text: str
    lower: str
    quoted: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class Words:
    """The tokens of one sentence and what each of them is."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.verbs, self.grammar = language.verbs, language.grammar
        self.tokens = _tokenize(text)
        self.end = len(text.rstrip(" .!?"))

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, place: int) -> Token:
        return self.tokens[place]

    def word(self, place: int) -> str:
        """The folded token at `place`; "" beyond either end."""
        return self.tokens[place].lower if 0 <= place < len(self.tokens) else ""

    def span(self, phrase: Phrase) -> tuple[int, int]:
        return self.tokens[phrase[0]].start, self.tokens[phrase[1]].end

    def is_adverbial(self, place: int) -> bool:
        """Whether an auxiliary, a negation or an adverb stands at `place`."""
        token = self.tokens[place]
        return (
            token.lower in self.grammar.auxiliaries
            or (
                token.lower.endswith("ly")
                and token.lower not in self.grammar.not_ly
                and token.text.islower()
            )
            or token.lower.endswith(("n't", "n’t"))
        )

    def is_headline(self) -> bool:
        """Whether Nearly Every Word Begins Like This."""
        long = [t for t in self.tokens if len(t.text) > 3 and t.text[0].isalpha()]
        return len(long) > 3 and sum(t.is_capital for t in long) >= tuned.HEADLINE_SHARE * len(long)

    def closes_quotation(self, place: int) -> bool:
        """Whether a quotation ends with the mark at `place`."""
        return place > 0 and self.tokens[place].quoted and self.tokens[place].text in _CLOSES

    def abbreviates(self, place: int) -> bool:
        """Whether the full stop at `place` belongs to "Sen." or an initial."""
        before = self.word(place - 1)
        return before in self.language.titles.abbreviations or len(before) == 1

    def is_time(self, place: int) -> bool:
        return self.language.calendar.time.match(self.tokens[place].text) is not None


class Sentence(Words):
    """The phrases of one sentence: where they begin and end, and which may be whose."""

    # --- phrases ---

    def phrase_after(self, place: int) -> Phrase | None:
        """The phrase that begins at `place`: "Jon Finer, the deputy adviser, on Sunday"."""
        tokens = self.tokens
        if place >= len(tokens) or not tokens[place].is_word:
            return None
        if tokens[place].lower in self.language.pronouns.subjects - {"you", "who"}:
            return place, place
        last = place
        for position in range(place + 1, len(tokens)):
            token = tokens[position]
            if token.quoted or token.text in ";:—–()":
                break
            if token.text == ".":
                if not self.abbreviates(position):
                    break
                continue
            if token.text == ",":
                closing = self._apposition(position + 1)
                last = closing if closing is not None else last
                break
            if token.lower in self.verbs.finite | self.verbs.past or (
                token.lower in self.grammar.stops and not self._goes_on(position)
            ):
                break
            last = position
        return place, last

    def phrase_before(self, place: int) -> Phrase | None:
        """The phrase that ends right before `place`: "Hage Ali, an expert on Hezbollah, said"."""
        tokens = self.tokens
        dated = (
            self.language.calendar.trailing.search(self.text, 0, tokens[place - 1].end)
            if place
            else None
        )
        if dated is not None and dated.start() > 0:
            place = next(n for n, t in enumerate(tokens) if t.start >= dated.start(1))
        last = place - 1
        if last < 0 or tokens[last].quoted:
            return None
        if tokens[last].lower in self.grammar.relative and last > 0:
            return self._before_relative(last)
        if tokens[last].text in (",", "—", "–", ")"):
            return self._with_apposition(last)
        if not tokens[last].is_word and tokens[last].text != ".":
            return None
        return self.phrase_ending(last)

    def phrase_ending(self, last: int) -> Phrase | None:
        """The phrase whose last token is `last`, back to where its clause begins."""
        tokens = self.tokens
        if last < 0 or tokens[last].quoted:
            return None
        if tokens[last].lower in self.language.pronouns.subjects:
            return last, last
        first = last
        while first > 0 and not self._bounds(first):
            first -= 1
        if tokens[first].lower in ("who", "which") and first > 1:
            return self._before_relative(first)
        if last - first > tuned.LONG_PHRASE:
            joined = [n for n in range(first + 1, last) if tokens[n].lower == "and"]
            if joined and tokens[joined[-1] + 1].is_capital:
                first = joined[-1] + 1
        while first < last and (tokens[first].lower in self.grammar.before_phrase):
            first += 1
        if tokens[first].lower in self.grammar.openers:  # "On Friday President Obama"
            first = next(
                (n for n in range(first + 1, last) if tokens[n].is_capital and not self.is_time(n)),
                last,
            )
        head = tokens[last].lower
        if not any(t.text[0].isalpha() for t in tokens[first : last + 1]):
            return None
        if (
            head in self.grammar.openers | self.grammar.boundary | self.grammar.auxiliaries
            or head in self.grammar.never_last
        ):
            return None
        return first, last

    def main_subject(self) -> tuple[int, int] | None:
        """The span of whoever acts in the sentence, where that is plain."""
        match = self.grammar.main_subject.match(self.text)
        if (
            match is None
            or match[1].split()[0].lower() in self.grammar.openers | self.grammar.boundary
        ):
            return None
        return match.span(1)

    def recipient_at(self, place: int) -> Phrase | None:
        """Whoever is told, from `place` on: "told reporters that"."""
        tokens = self.tokens
        if place >= len(tokens) or tokens[place].quoted or not tokens[place].is_word:
            return None
        first = tokens[place]
        if first.lower in self.grammar.stops or first.lower in ("against", "of"):
            return None
        if first.lower in self.grammar.told:
            return place, place
        last = place
        while last + 1 < len(tokens):
            token = tokens[last + 1]
            if token.quoted or not token.is_word:
                break
            if first.is_capital:
                if not token.is_capital or self.language.calendar.time.match(token.text):
                    break
            elif token.lower in self.grammar.ends_told | self.grammar.stops or last + 1 - place > 7:
                break
            last += 1
        return place, last

    def _bounds(self, first: int) -> bool:
        """Whether the phrase begins at `first`: what stands before it is not of it."""
        tokens = self.tokens
        before = tokens[first - 1]
        if before.quoted or before.text in ",;:—–()…":
            return True
        if before.text == ".":
            return not self.abbreviates(first - 1)
        if before.lower == "and":
            return not (first >= 2 and tokens[first - 2].is_capital and tokens[first].is_capital)
        if before.lower == "to":
            return self.word(first - 2) == "according"
        return (
            before.lower in self.grammar.boundary
            or before.lower in (self.verbs.finite - self.verbs.unbounding) | self.verbs.past | {"s"}
            or (
                before.lower in self.verbs.forms
                and before.lower.endswith(("ed", "ing"))
                and before.lower != "informed"
            )
        )

    def _before_relative(self, place: int) -> Phrase | None:
        """What "who" at `place` stands for: "Meshaal, who …", "people who …"."""
        if self.tokens[place - 1].text != ",":
            return self.phrase_ending(place - 1)
        phrase = self._with_apposition(place - 1) or self.phrase_ending(place - 2)
        if phrase is None or phrase[1] - phrase[0] <= tuned.LONG_PHRASE:
            return phrase
        # "statements by leaders including Khaled Meshaal, who thanked": the name alone.
        first = phrase[1]
        while first > phrase[0] and self.tokens[first - 1].is_capital:
            first -= 1
        return (first, phrase[1]) if first < phrase[1] and self.tokens[first].is_capital else phrase

    def _with_apposition(self, comma: int) -> Phrase | None:
        """ "Hage Ali, an expert at the Carnegie Centre, said": the whole of it."""
        tokens = self.tokens
        start = comma
        while start > 0 and not tokens[start - 1].quoted and tokens[start - 1].text not in ";:":
            start -= 1
        parts: list[list[int]] = [[]]
        for place in range(start, comma):
            if tokens[place].text in (",", "—", "–", "("):
                parts.append([])
            else:
                parts[-1].append(place)
        parts = [p for p in parts if p]
        if (
            len(parts) == 2
            and tokens[parts[0][0]].lower in self.grammar.openers
            and len(parts[0]) > 1
        ):
            return parts[0][1], comma - 1  # "After the spokesman, Ramazan Sharif, said"
        while len(parts) > 1 and tokens[parts[0][0]].lower in self.grammar.openers:
            parts.pop(0)
        if len(parts) < 2:
            return None
        if len(parts[-2]) == 1 and tokens[parts[-2][0]].lower in self.language.pronouns.subjects:
            return parts[-2][0], parts[-2][0]  # "he, once again, pledged"
        for part in parts[:-1]:
            if any(tokens[p].lower in self.verbs.past & self.verbs.forms.keys() for p in part):
                continue
            begin = part[0]
            while begin < part[-1] and tokens[begin].lower in self.grammar.before_name:
                begin += 1
            named = tokens[begin].is_capital or tokens[begin].lower in self.grammar.determiners
            if named and len(part) <= 9:
                return begin, comma - 1
        return None

    def _apposition(self, place: int) -> int | None:
        """Where an apposition that begins at `place` ends: "a spokesman for the campaign"."""
        tokens = self.tokens
        if place >= len(tokens):
            return None
        first = tokens[place]
        opens_else = self.grammar.openers | self.grammar.no_apposition
        if first.quoted or not first.is_word or first.lower.endswith("ing"):
            return None
        if first.lower in opens_else:
            return None
        for position in range(place, min(len(tokens), place + tuned.MAX_APPOSITION)):
            token = tokens[position]
            if token.quoted or token.lower in self.verbs.past & self.verbs.forms.keys():
                return None
            if token.text in ",;:—–" or (token.text == "." and not self.abbreviates(position)):
                return position - 1
        return None

    def _goes_on(self, place: int) -> bool:
        """Whether "at", "and", "with" goes on with the phrase: "an expert at Brookings"."""
        tokens = self.tokens
        if place + 1 >= len(tokens) or tokens[place].lower not in self.grammar.goes_on:
            return False
        word, before, after = tokens[place].lower, tokens[place - 1], tokens[place + 1]
        if word == "and":
            return after.is_capital and before.is_capital
        if word in ("with", "to"):
            return (
                before.text.islower()
                and after.text[0].isalpha()
                and after.lower not in self.grammar.told
            )
        if word in ("at", "in"):
            place_name = after.is_capital or after.lower == "the"
            return (
                before.text.islower()
                and place_name
                and not self.language.calendar.time.match(after.text)
            )
        return False


def can_speak(phrase: str, grammar: Grammar) -> bool:
    """Whether a phrase can be somebody: "last week" and "no" cannot, nor does "I" say who.

    Nor do "the kind of game people" (write about) and "the Fed did launch much" (anticipated),
    which are of another clause, nor one small word that is no plural and no pronoun ("get").
    """
    low = phrase.lower()
    found = re.findall(r"[^\W_]+", low)
    return (
        low not in grammar.unspeaking
        and any(w not in grammar.nobody for w in found)
        and found[0] not in grammar.never_first
        and grammar.of_another_clause.search(phrase) is None
    )


def _tokenize(text: str) -> list[Token]:
    closes = next((m.start() for m in re.finditer("[”»]", text)), -1)
    opens = next((m.start() for m in re.finditer("[“«]", text)), len(text))
    quoted = -1 < closes < opens  # the sentence begins within a quotation
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        mark = match.group()
        inside = quoted
        if mark in ("“", "«", "„", "``"):
            quoted = inside = True
        elif mark in ("”", "»"):
            quoted, inside = False, True
        elif mark in ('"', "''"):
            inside, quoted = True, not quoted
        elif mark == "'" and found and found[-1].quoted and found[-1].end == match.start():
            inside = True  # the third of three marks that close a quotation within one
        found.append(Token(match.start(), match.end(), mark, mark.lower(), inside))
    return found
