"""Which words of a sentence report something, and where what they report with begins.

Knows nothing about who speaks or what was said.
"""

from collections.abc import Collection

from rag import tuned
from rag.statements.phrases import Sentence


def is_verb(sentence: Sentence, place: int) -> bool:
    """Whether a form that may report does so here: "the report said", "they report that"."""
    token = sentence[place]
    word, before, after = token.lower, sentence.word(place - 1), sentence.word(place + 1)
    if token.is_capital:
        return place > 0 and word in sentence.verbs.headline and sentence.is_headline()
    noun_before = before in sentence.grammar.determiners or before in ("of", "'s", "’s")
    alone = before in sentence.grammar.alone and (
        word in sentence.verbs.past | sentence.verbs.plain or word.endswith("ed")
    )
    if noun_before and not alone:
        return False
    if word.endswith("ing"):
        return place == 0 or before in sentence.grammar.hangs_behind
    if (
        word == "informed"
        and before not in sentence.grammar.be
        and (place < 2 or not sentence[place - 1].is_capital)
    ):
        return False  # "other informed sources"
    if word.endswith("ed") or word in sentence.verbs.past:
        return before not in sentence.grammar.be or after in ("by", "as")
    if sentence.verbs.forms[word] in sentence.verbs.finds and before != "to":
        near = {sentence.word(n) for n in range(max(0, place - tuned.STUDY_REACH), place)}
        if near & sentence.verbs.studies:
            return True
    if word in sentence.verbs.nouns:
        speaks = (
            before in sentence.language.pronouns.subjects
            or before.endswith(")")
            or sentence[place - 1].is_capital
        )
        if not speaks:
            return False
    if word == sentence.verbs.forms[word]:
        if word in sentence.verbs.quoted:
            return False  # "the depot would close"
        if word in sentence.verbs.plain and before.endswith(sentence.grammar.plural):
            return True
        return before in sentence.grammar.subject_before or (
            before.endswith("s") and after in sentence.grammar.clause_begins
        )
    return word in sentence.verbs.third_person or after in sentence.grammar.clause_begins - {
        "their"
    }


def tells_how(sentence: Sentence, place: int) -> bool:
    """Whether an unknown verb can only tell how somebody spoke: "…,” she thundered."."""
    token = sentence[place]
    if token.quoted or place == 0 or not token.text.islower():
        return False
    mark = place - 1
    while mark > 0 and place - mark <= 5 and not sentence[mark].quoted:
        if not sentence[mark].text[0].isalpha():
            return False
        mark -= 1
    if not sentence.closes_quotation(mark) or sentence[mark - 1].text not in ",?!—-":
        return False
    after = sentence[place + 1] if place + 1 < len(sentence) else None
    if mark == place - 1:
        return after is not None and (after.is_capital or after.lower in sentence.grammar.articles)
    return after is None or after.text in ".,:" or after.lower in sentence.grammar.stops


def cue_start(sentence: Sentence, place: int) -> int | None:
    """Where the cue begins: with its auxiliaries and adverbs, and "declined to" before "say"."""

    def back(first: int, also: Collection[str] = ()) -> int:
        while first > 0 and not sentence[first - 1].quoted and (
            sentence.is_adverbial(first - 1) or sentence.word(first - 1) in also
        ):  # fmt: skip
            first -= 1
        return first

    first = back(place)
    if sentence.word(first - 1) != "to":
        return first
    verb = first - 3 if sentence.word(first - 2) in ("on", "out") else first - 2
    if verb < 1 or sentence.word(verb) not in sentence.verbs.matrix:
        return None  # "impetus to oppose", "likely to support"
    return back(verb, sentence.verbs.goes_on)
