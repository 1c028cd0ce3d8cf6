"""Questions are read: follow-ups, spelling, names, quoted words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant
from rag.language.words import mend
from rag.question.names import find_names
from rag.question.query import leans_on_history, make_standalone, read_query, tell_spelling
from rag.question.spelling import WordList

VOCABULARY = WordList({
    "hezbollah": 4, "commander": 3, "described": 2, "attack": 5, "khamenei": 3, "haniyeh": 3,
    "kobi": 1, "michael": 1, "micro": 1, "jews": 1, "objective": 1, "iran": 5, "fighters": 2,
    "killed": 4, "war": 5, "woke": 2, "up": 5, "we": 5, "met": 2,
}, texts=("What Khamenei of Iran told Hezbollah, Haniyeh and Kobi Michael",))  # fmt: skip
# Words of documents that stand one or two letters from names and words that people ask for.
NEAR = WordList(
    dict.fromkeys(
        "osama slovenia poison bridge him may last rahman johnston larson pero water inspected"
        .split(),
        1,
    ),
    texts=("When Osama met Nadia Rahman, Paul Johnston, Nils Larson and Slovenia said no more.",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "history", "carried"),
    [
        ("What did he say Iran's objective is?", ["Who is Kobi Michael?"], "Kobi Michael"),
        ("where did they meet?", ["What did Khamenei tell Haniyeh?"], "Khamenei Haniyeh"),
        (
            "And how many of its fighters have been killed?",
            ["How strong is Hezbollah?", "Has it been fighting?"],
            "Hezbollah",
        ),
        ("And in Lebanon?", ["Who trained Hamas?"], "Hamas"),
    ],
)
def test_a_follow_up_carries_the_names_it_leans_on(
    question: str, history: list[str], carried: str
) -> None:
    assert carried.split()[0] in make_standalone(question, history=history)
    for name in carried.split():
        assert name in make_standalone(question, history=history)


@pytest.mark.parametrize(
    "question",
    [
        "What did Antony Blinken say about evidence?", "What is Hezbollah?", "Who is Nasrallah?",
        "What did Blinken say?", "Who leads Hamas?", "what is terrorism?",
        # His, its and theirs are those of whom the question names itself.
        "Why does Hezbollah keep its weapons?", "What did Kirby say about his visit to Cairo?",
        "Did Netanyahu say that he would resign?",
    ],
)  # fmt: skip
def test_a_question_that_stands_alone_carries_nothing(question: str) -> None:
    assert make_standalone(question, history=["Who is Kobi Michael?"]) == question


@pytest.mark.parametrize(
    ("history", "question", "read_as"),
    [
        # What the talk is about, not who else was named on the way.
        (["How strong is Hezbollah?", "Has it been fighting Israel since October?"],
         "And how many of its fighters died?", "And how many of its fighters died? (Hezbollah)"),
        (["Who is Dennis Ross?", "Who leads Hamas?"], "Where is it based?",
         "Where is it based? (Hamas)"),
        (["What did Khamenei tell Haniyeh?"], "What did he tell him?",
         "What did he tell him? (Khamenei Haniyeh)"),
        (["What did Khamenei tell Haniyeh?"], "What did Blinken tell him?",
         "What did Blinken tell him? (Khamenei Haniyeh)"),
        (["What did Ross say about Iran?", "What about Blinken?"], "And Kirby?",
         "What did Kirby say about Iran?"),
        (["Who dissented in March 2022?"], "What did he want instead?",
         "What did he want instead? (dissented March 2022)"),
        (["Who dissented in March 2022?", "What did he want instead?"], "And in June?",
         "And in June? (dissented 2022)"),
        (["Who knew about the attack?"], "What did they say?", "What did they say? (attack)"),
        (["who is kobi michael?"], "what did he say?", "what did he say? (Kobi Michael)"),
    ],
)  # fmt: skip
def test_a_follow_up_carries_what_it_needs_and_no_more(
    history: list[str], question: str, read_as: str
) -> None:
    assert make_standalone(question, history=history, vocabulary=VOCABULARY) == read_as


def test_what_a_talk_is_about_is_no_speaker() -> None:
    query = read_query(
        "What did they say?", history=["Who knew about the attack?"], vocabulary=VOCABULARY
    )
    assert query.said_by == ()


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("how did the hezbolah comander describe the atack", "hezbollah commander"),
        ("Khameneii said", "Khamenei"),
    ],
)
def test_misspelt_words_are_read_as_the_nearest_word_of_the_corpus(
    typed: str, read_as: str
) -> None:
    assert read_as in read_query(typed, vocabulary=VOCABULARY).text


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("What did Obama say?", {"Obama": "Osama"}),
        ("What did Slovakia offer?", {"Slovakia": "Slovenia"}),
        ("Who is Nadia Rahmani?", {"Rahmani": "Rahman"}),
        ("Did Nils Larsen pay?", {"Larsen": "Larson"}),
        ("What did Ann Johnson say?", {"Johnson": "Johnston"}),
        ("Was anyone sent to prison?", {}),
        ("Who was the bride?", {}),
        ("Who hit the car?", {}),
        ("How many homes were flooded?", {}),
        ("List the homes", {}),
        ("Did Pedro say so?", {}),
        ("Poisson said so?", {}),
        ("Who saw the poisons?", {}),
        ("Wat Pho was built when?", {}),
    ],
)
def test_names_and_words_of_english_are_searched_as_they_were_typed(
    question: str, offered: dict[str, str]
) -> None:
    query = read_query(question, vocabulary=NEAR)
    assert query.mended == ()
    assert query.text == question
    assert dict(query.offered) == offered


@pytest.mark.parametrize(
    ("question", "mended", "told"),
    [
        ("what did larsson say", {"larsson": "larson"}, "“larsson” was read as “Larson”."),
        ("What did Johnstn say?", {"johnstn": "johnston"}, "“johnstn” was read as “Johnston”."),
        ("wat was inspeted", {"wat": "what", "inspeted": "inspected"}, ""),
        ("Waht was inspected?", {"waht": "what"}, ""),
        ("WHO INSPETED THE WATER", {"inspeted": "inspected"}, ""),
        ("What did Obama say?", {}, "Nothing on “Obama”. Did you mean “Osama”?"),
    ],
)
def test_a_name_that_is_mended_is_told(question: str, mended: dict[str, str], told: str) -> None:
    query = read_query(question, vocabulary=NEAR)
    assert dict(query.mended) == mended
    assert tell_spelling(query, NEAR) == told


@pytest.mark.parametrize("typed", ["Emmanuel Macron", "fast jets"])
def test_a_word_too_far_from_any_other_is_not_mended(typed: str) -> None:
    assert not read_query(f"What did {typed} do?", vocabulary=VOCABULARY).mended


@pytest.mark.parametrize(
    ("name", "stranger"),
    [
        ("Emmanuel Macron", True),
        ("Kobi Macron", True),
        ("Kobi Michael", False),
        ("Hezbollah Spokesperson", False),
        ("Mr. Fighter", False),  # the corpus has "fighters"
        ("Anna Kill", True),  # not met by "killed"
    ],
)
def test_a_name_whose_surname_the_corpus_never_mentions_is_a_stranger(
    name: str, stranger: bool
) -> None:
    query = read_query(f"What did {name} say?", vocabulary=VOCABULARY)
    assert bool(query.strangers) == stranger


def test_who_says_what_claims_nothing() -> None:
    assert read_query("Do they agree? Who says what?", vocabulary=VOCABULARY).claim == ""
    assert read_query("Who said that war came?", vocabulary=VOCABULARY).claim == "war came"


def test_names_are_runs_of_capitals_without_question_words() -> None:
    assert find_names("What did Pope Francis tell Olaf Scholz?") == ("Pope Francis", "Olaf Scholz")
    assert find_names("Name the six armies that Rashid listed.") == ("Rashid",)
    assert find_names("How many F-35 jets does Israel’s army fly?") == ("F-35", "Israel")


def test_quoted_words_are_phrases() -> None:
    query = read_query("Who said “We woke up to a war”?", vocabulary=VOCABULARY)
    assert query.phrases == ("We woke up to a war",)
    assert query.who_said


@given(st.text(max_size=300), st.lists(st.text(max_size=50), max_size=3))
def test_any_text_can_be_read(question: str, history: list[str]) -> None:
    query = read_query(question, history=history, vocabulary=VOCABULARY)
    assert len(query.terms) == len(set(query.terms))


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Who stressed that the talks must go on?", "the talks must go on"),
        ("Who warned against a ground invasion?", "against a ground invasion"),
        ("Who maintained that Iran was not involved?", "Iran was not involved"),
        ("Who disclosed the name of the donor?", "the name of the donor"),
        ("Which analyst contended that Tehran had notice?", "Tehran had notice"),
        ("Who lamented the lack of evidence?", "the lack of evidence"),
        ("Who assured voters that taxes would fall?", "taxes would fall"),
        ("Who posted that the rally was off?", "the rally was off"),
        ("Who agreed that the rally was off?", "the rally was off"),
        ("Who asked that the vote be put off?", "the vote be put off"),
        ("Who asked Powell about his trading?", ""),
    ],
)
def test_who_asks_after_every_verb_of_saying_that_is_extracted(question: str, claim: str) -> None:
    query = read_query(question, vocabulary=WordList({}))
    assert query.who_said
    assert query.claim == claim


@pytest.mark.parametrize(
    "question",
    [
        "Who maintained the engines of the plane?",
        "Who read the letter aloud?",
        "Who posted the video of the assault?",
        "Who answered the phone at the embassy?",
        "Who won the 2022 election in the United States?",
        "Which states did Trump win in 2016?",
    ],
)
def test_a_deed_is_no_saying(question: str) -> None:
    query = read_query(question, vocabulary=WordList({}))
    assert (query.who_said, query.claim, query.said_by) == (False, "", ())


@pytest.mark.parametrize(
    ("question", "who", "about"),
    [
        ("What did Blinken stress about the talks?", "Blinken", "the talks"),
        ("What did Dennis Ross recommend?", "Dennis Ross", ""),
        ("What did Clinton pledge to do about guns?", "Clinton", "to do about guns"),
        ("What did Sanders concede about his campaign?", "Sanders", "his campaign"),
        ("What did the attorney general allege?", "the attorney general", ""),
        # A verb behind an article, or before another noun, is a noun.
        (
            "What did White House press secretary Josh Earnest say about Russia?",
            "White House press secretary Josh Earnest", "Russia",
        ),
        ("What did post office workers say about the strike?", "post office workers", "the strike"),
        ("What did the state treasurer say about taxes?", "the state treasurer", "taxes"),
    ],
)  # fmt: skip
def test_what_somebody_said_is_asked_with_every_verb_of_saying(
    question: str, who: str, about: str
) -> None:
    query = read_query(question, vocabulary=WordList({}))
    assert (query.said_by, query.claim) == ((who,), about)


@pytest.mark.parametrize(
    "question",
    ["What did Iran agree to in 2015?", "What did Hezbollah order its fighters to do?"],
)
def test_what_somebody_did_is_not_what_they_said(question: str) -> None:
    assert read_query(question, vocabulary=WordList({})).said_by == ()


@pytest.mark.parametrize(
    "question",
    ["what about al-qaeda?", "what about hamas's plan?", "and don't they?", "and u.s. bases?",
     "and 7/10?", "and reuters/ap?", 'what about "x" y"z?', "and <b>x</b> [a](http://b.c)?",
     "and ٣ ª ² ﬁ?", "and 𞤀𞤣𞤤𞤢𞤥?", "and x\u0301\u0302y?", "and * OR ( NEAR ^?"],
)  # fmt: skip
def test_a_follow_up_of_any_signs_is_searched(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, history=["who is Dennis Ross?"]).searched
    vocabulary = assistant.index.open()[1].vocabulary()
    for word in question.split():
        assert vocabulary.written(word)


@given(st.text(max_size=40))
def test_the_vocabulary_takes_any_word(assistant: Assistant, word: str) -> None:
    assert isinstance(assistant.index.open()[1].vocabulary().contexts(mend(word)), list)


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Tell me about Gaza", "Tell me about Gaza"),
        ("Describe the attack on Sderot", "Describe the attack on Sderot"),
        ("What about Nasrallah?", "Who is Nasrallah?"),
        ("And Meir Litvak?", "Who is Meir Litvak?"),
        ("What did he say?", "What did he say? (Dennis Ross)"),
        ("Tell me more about him", "Tell me more about him (Dennis Ross)"),
    ],
)
def test_another_name_takes_the_place_of_the_one_before(question: str, searched: str) -> None:
    assert make_standalone(question, history=["Who is Dennis Ross?"]) == searched


@pytest.mark.parametrize(
    ("asked", "written"), [("January", "jan"), ("Jan.", "january"), ("September", "sept")]
)
def test_a_month_is_found_as_it_is_written_in_the_documents(asked: str, written: str) -> None:
    query = read_query(f"What happened in {asked} 2020?", vocabulary=WordList({written: 2}))
    assert [other for _, other in query.variants] == [written]
    assert not query.strangers


def test_a_state_that_is_written_by_its_letters_is_no_stranger() -> None:
    asked = "What did the United Kingdom pay?"
    for letters in ({"uk": 3}, {"u": 1, "k": 1}):
        assert not read_query(asked, vocabulary=WordList({**letters, "pay": 1})).strangers
    assert read_query(asked, vocabulary=WordList({"is": 3, "u": 1, "pay": 1})).strangers
    # Whom the letters could name, too, is somebody else.
    assert read_query("What did Ian Smith pay?", vocabulary=WordList({"is": 3})).strangers


def test_a_name_that_ends_in_a_common_word_is_not_met_by_that_word() -> None:
    asked = "What did Fell say of Silicon Valley Bank?"
    assert read_query(asked, vocabulary=WordList({"bank": 9, "fell": 3})).strangers
    known = WordList({"bank": 9, "fell": 3, "silicon": 1, "valley": 2})
    assert not read_query(asked, vocabulary=known).strangers


@pytest.mark.parametrize(
    ("question", "vocabulary"),
    [
        # What somebody is, is no name of theirs.
        ("Did the Egyptian outlet print it?", {"outlet": 3}),
        ("What did the King list?", {"list": 3}),
        ("Which MPs oppose the cards?", {"cards": 3}),
        # The same under another name.
        ("Did Yukos win in America?", {"yukos": 3, "us": 9}),
        ("What did the Fed decide?", {"federal": 3, "reserve": 3}),
        ("Who leads Burma?", {"myanmar": 2}),
    ],
)  # fmt: skip
def test_what_is_no_name_or_known_by_another_one_is_no_stranger(
    question: str, vocabulary: dict[str, int]
) -> None:
    assert not read_query(question, vocabulary=WordList(vocabulary)).strangers


@pytest.mark.parametrize(
    ("history", "question", "alone", "topic"),
    [
        (["What is the $100 PC?"], "Who is behind it?", "Who is behind it? (the $100 PC)",
         "Who is behind the $100 PC?"),
        (["Who is Tom Stemberg?"], "And his wife?", "And his wife? (Tom Stemberg)",
         "And Tom Stemberg’s wife?"),
        (["Who was at the meeting?"], "Why did they leave?", "Why did they leave? (meeting)",
         "Why did they leave? (meeting)"),
        (["How many died in Gaza?"], "And in Yemen?", "How many died in Yemen?", None),
        (["Who dissented in March 2022?"], "And in June?", "Who dissented in June 2022?", None),
        (["What happened in Kelvik in 2020?"], "What about in 2021?",
         "What happened in Kelvik in 2021?", None),
        (["What did Powell say about housing in 2022?"], "And about rents?",
         "What did Powell say about rents in 2022?", None),
        (["What did Powell say about housing in 2022?"], "And about rents in May 2021?",
         "What did Powell say about rents in May 2021?", None),
        (["What did Powell say about housing in 2022?"], "When did he say that?",
         "When did Powell say that about housing in 2022?", None),
        (["Who is Tom Stemberg?"], "How long did Romney stay with it?",
         "How long did Romney stay with it? (Tom Stemberg)",
         "How long did Romney stay with Tom Stemberg?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_read_in_full(
    history: list[str], question: str, alone: str, topic: str | None
) -> None:
    query = read_query(question, history=history, vocabulary=WordList({}))
    assert query.text == alone
    assert query.topic == (topic or alone)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("¿Qué dijo el rey sobre Cataluña en 2019?", {"rey", "cataluna", "2019"}),
        ("que dijo juan carlos sobre las victimas", {"juan", "carlos", "victimas"}),
        ("Was sagte Merkel über die Krise?", {"merkel", "krise"}),
        ("Qu'a dit Macron sur la guerre ?", {"macron", "guerre"}),
        ("Что сказал Путин?", {"что", "сказал", "путин"}),
    ],
)
def test_no_rule_of_english_is_for_another_language(question: str, terms: set[str]) -> None:
    query = read_query(question, vocabulary=WordList({"said": 9, "die": 3}))
    assert set(query.terms) == terms
    assert not any((query.names, query.strangers, query.mended, query.said_by))


@pytest.mark.parametrize(
    "question", ["Was de Gaulle in London?", "What did Die Zeit report?", "Who is De La Rosa?"]
)
def test_a_foreign_name_makes_no_foreign_question(question: str) -> None:
    assert read_query(question, vocabulary=WordList({})).names


def test_a_name_with_little_words_of_a_language_makes_no_foreign_question() -> None:
    query = read_query("El Salvador and La Paz flood deaths", vocabulary=WordList({}))
    assert query.names


def test_a_question_of_another_language_goes_on_by_its_own_word() -> None:
    before = ["¿Qué dijo el rey de la crisis en 2013?"]
    assert leans_on_history("¿Y qué dijo de los inmigrantes?")
    assert not leans_on_history("¿Qué es Hezbollah?")
    query = read_query("¿Y qué dijo de los inmigrantes?", history=before, vocabulary=WordList({}))
    assert {"rey", "crisis", "2013", "inmigrantes"} <= set(query.terms)


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("Who supports ID cards and who opposes them?", False),
        ("What is the harbour wall, and why was it built?", False),
        ("Who says the pier is rotten and who denies it?", False),
        ("What did Anna Berg say and why did she say it?", False),
        ("Was the bridge bill passed, and what did he say about it?", True),  # who is he?
        ("Who opposes them and who does not?", True),
        ("And who opposes it?", True),
    ],
)
def test_what_a_second_question_points_at_may_stand_in_the_first(
    question: str, leans: bool
) -> None:
    assert leans_on_history(question) is leans
