"""Search operators: what is one, what only looks like one, and what is left to be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.dates import read_span
from rag.question.operators import HELP, MAX_OPERATORS, read_operators


def read(typed: str) -> tuple[str, list[str]]:
    """What is left, and each operator in a few words: "-words Enron|labor market"."""
    search = read_operators(typed)
    told = [
        f"{'-' * o.negated}{o.kind} {'|'.join(o.values)}{' exactly' * o.exact}"
        for o in search.operators
    ]
    return search.text, told


@pytest.mark.parametrize(
    ("typed", "left", "operators"),
    [
        # A search of bare words.
        ('"soft landing" rates', '"soft landing" rates', ["words soft landing exactly"]),
        ("“soft landing” rates", "“soft landing” rates", ["words soft landing exactly"]),
        ("«soft landing»", "«soft landing»", ["words soft landing exactly"]),
        ('US "soft landing"', 'US "soft landing"', ["words soft landing exactly"]),
        ("Powell OR Yellen rates", "Powell Yellen rates", ["words Powell|Yellen"]),
        ('(Powell OR "J. Yellen") rates', '(Powell "J. Yellen") rates', ["words Powell|J. Yellen"]),
        ("rates AND wages", "rates wages", ["words rates", "words wages"]),
        ("rates NOT wages", "rates", ["-words wages"]),
        ("rates AND NOT wages", "rates", ["-words wages"]),
        ('rates NOT "two words"', "rates", ["-words two words exactly"]),
        # Signs and fields, wherever they stand.
        ("rates -wages", "rates", ["-words wages"]),
        ('rates -Enron -"labor market"', "rates", ["-words Enron|labor market"]),
        ("who resigned -Enron?", "who resigned?", ["-words Enron"]),
        ("-anti-war rallies", "rallies", ["-words anti-war"]),
        ('who said +"it is over"?', 'who said "it is over"?', ["words it is over exactly"]),
        ("what of +Kelvik?", "what of Kelvik?", ["words Kelvik"]),
        ("what did he say of infla*?", "what did he say of infla*?", ["words infla*"]),
        ('"soft land*"', '"soft land*"', ["words soft land* exactly"]),
        ("outlet:Reuters", "", ["outlet Reuters"]),
        ("Source:reuters oil", "oil", ["outlet reuters"]),
        ('outlet:"The Age" what sank?', "what sank?", ["outlet The Age"]),
        ("what sank outlet:Reuters?", "what sank?", ["outlet Reuters"]),
        ("outlet:A outlet:B oil", "oil", ["outlet A|B"]),
        ("outlet:A OR outlet:B oil", "oil", ["outlet A|B"]),
        ("who won outlet:A OR outlet:B", "who won", ["outlet A|B"]),
        ("(outlet:A OR outlet:B) oil", "oil", ["outlet A|B"]),
        ("-outlet:A oil", "oil", ["-outlet A"]),
        ("NOT outlet:A oil", "oil", ["-outlet A"]),
        ("title:june title:minutes", "", ["title june", "title minutes"]),
        ("title:june OR title:july", "", ["title june|july"]),
        ("speaker:Powell after:2022", "", ["speaker Powell", "after 2022"]),
        ("before:2023-06 since:2022 oil", "oil", ["before 2023-06", "since 2022"]),
        ("rates -wages -wages", "rates", ["-words wages"]),
    ],
)
def test_operators_are_taken_out_of_what_is_typed(
    typed: str, left: str, operators: list[str]
) -> None:
    assert read(typed) == (left, operators)


@pytest.mark.parametrize(
    "typed",
    [
        # A question quotes and stresses words without asking that they stand there.
        'who said "they were surprised"?',
        'What did Powell mean by "transitory"?',
        'tell me about the "soft landing"',
        'Powell said "transitory"',
        'summarise "September conference"',
        '"Who was surprised?"',
        'Was sagte er zu "Brot"',
        'WHO SAID "IT IS OVER"',
        "Did he NOT resign?",
        "Is it true OR false that he left",
        "Powell or Yellen",
        # What has the signs of an operator and is none.
        "anti-war protests",
        "profits - losses",
        "a fall of -3%",
        "what does -v do",
        "the deal -which failed- was off",
        "--word",
        "C++ and A+",
        "call +49 30 1234",
        "*very* bad",
        "the novel *From Here to Eternity*, adapted",
        "M*A*S*H",
        "2 * 3 and ab*",
        "Q: what is it?",
        "at 10:30 what happened",
        "https://example.org/title:a",
        "outlet: Reuters",
        "foo:bar",
        'outlet:""',
        "title:?",
        '"unbalanced',
        "Portland OR",
        "OR OR OR",
        "NOT",
        '"" -"" +"" AND',
    ],
)
def test_what_is_no_operator_stays_as_it_was_typed(typed: str) -> None:
    search = read_operators(typed)
    assert (search.text, search.operators) == (typed, ())


def test_of_too_many_operators_the_last_are_words() -> None:
    search = read_operators(" ".join(f"title:t{n}" for n in range(MAX_OPERATORS + 3)))
    assert len(search.operators) == MAX_OPERATORS
    assert search.text == " ".join(f"title:t{n}" for n in range(MAX_OPERATORS, MAX_OPERATORS + 3))


def test_the_help_line_shows_operators_that_are_read() -> None:
    shown = [part.strip() for part in HELP.partition(":")[2].split(" · ")]
    for example in shown[:-1]:
        assert read_operators(f"{example} harbour").operators, example


_SIGNS = st.sampled_from([*'"“”„«»-+*:()\n?,. ', "OR", "NOT", "AND", "title:", "after:", "word"])


@given(st.one_of(st.text(max_size=200), st.lists(_SIGNS, max_size=40).map("".join)))
def test_any_text_can_be_read(typed: str) -> None:
    search = read_operators(typed)
    if not search.operators:
        assert search.text == typed
    for operator in search.operators:
        assert all(operator.values)
        assert operator.typed


@given(st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=12))
def test_plain_words_are_never_operators(words: list[str]) -> None:
    assert read_operators(" ".join(words)).text == " ".join(words)
    assert not read_operators(f"{'-'.join(words)}?").operators


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2023", "2023-01-01 2023-12-31"),
        ("2023-06", "2023-06-01 2023-06-30"),
        ("2023-6", "2023-06-01 2023-06-30"),
        ("06/2023", "2023-06-01 2023-06-30"),
        ("june-2023", "2023-06-01 2023-06-30"),
        ("June 2023", "2023-06-01 2023-06-30"),
        ("2024-02", "2024-02-01 2024-02-29"),
        ("2023-06-14", "2023-06-14 2023-06-14"),
        ("2023/6/14", "2023-06-14 2023-06-14"),
        ("20230614", "2023-06-14 2023-06-14"),
        ("14.6.2023", "2023-06-14 2023-06-14"),
        ("14 june 2023", "2023-06-14 2023-06-14"),
        ("3/4/2023", None),
        ("2023-13", None),
        ("2023-02-30", None),
        ("soon", None),
        ("0000", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, span: str | None) -> None:
    found = read_span(typed)
    assert (found and f"{found[0]} {found[1]}") == span
