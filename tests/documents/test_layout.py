"""Pieces on pages → text in reading order: columns, furniture, footnotes, tables, broken words."""

from rag.documents.layout import Laid, Page, Piece, lay_out

SIZE, LEADING, LEFT, WIDE = 11.0, 14.0, 60.0, 5.0


def line(text: str, number: int, *, left: float = LEFT, size: float = SIZE) -> Piece:
    """A piece on line `number`, counted from the top; each letter is WIDE."""
    bottom = 760 - number * LEADING
    return Piece(text, left, left + WIDE * len(text), bottom, bottom + size, size)


def laid(*pages: list[Piece]) -> Laid:
    return lay_out([Page(tuple(pieces)) for pieces in pages])


def body(found: Laid) -> str:
    return found.text[: found.body]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "The committee met on Monday and Dana",
        "Fell said the library would be open",
        "until 2030.",
    ]
    right = [
        "In sport the rowing club won again",
        "and the coach said that his crew had",
        "trained all winter.",
    ]
    pieces = [line(t, n) for n, t in enumerate(left)]
    pieces += [line(t, n, left=320) for n, t in enumerate(right)]
    assert body(laid(pieces)) == f"{' '.join(left)}\n\n{' '.join(right)}"


def test_a_sentence_goes_on_over_a_page_without_what_repeats_at_its_edges() -> None:
    first = [
        line("CONFIDENTIAL - the ferry", 0),
        line("He said he had never been shown the report, and that if he had", 2),
        line("Page 1 of 2", 40),
    ]
    second = [
        line("CONFIDENTIAL - the ferry", 0),
        line("been shown it before the voyage, he would have stopped the ship.", 2),
        line("Page 2 of 2", 40),
    ]
    found = laid(first, second)
    assert body(found) == (
        "He said he had never been shown the report, and that if he had been shown it before the "
        "voyage, he would have stopped the ship."
    )
    # It can still be opened.
    assert found.text[found.body :].count("CONFIDENTIAL") == 2
    assert found.text[found.pages[1] :].startswith("been shown it")


def test_what_is_open_goes_on_over_a_page_and_a_speaker_s_label_never_does() -> None:
    first = [
        line("Professor Halvorsen told the commission, which had met for a week: “The wall", 0),
        line("will be overtopped unless it is raised by", 1),
    ]
    second = [line("2 metres, and Parliament was told so in 1998.” She left.", 0)]
    assert "raised by 2 metres, and Parliament" in body(laid(first, second))
    asked = [
        line("MR. RUGAR. Well, just a quick one: is it that you need to see all of it, or do", 0),
        line("you feel that you may, you know, and", 1),
    ]
    answer = [line("CHAIR ROOK. So it is all of it.", 0)]
    assert body(laid(asked, answer)).endswith("and\n\nCHAIR ROOK. So it is all of it.")


def test_numbers_of_a_table_are_no_page_numbers() -> None:
    pages = [[line("Votes", 0), line(f"{count} votes", 3)] for count in (40, 71)]
    assert "40 votes" in body(laid(*pages))
    assert "71 votes" in body(laid(*pages))


def test_a_row_of_a_table_keeps_its_cells_together() -> None:
    rows = [("Item", "For", "Against"), ("Item 4", "7", "5"), ("Item 5", "9", "3")]
    pieces = [
        line(cell, n, left=60 + 150 * column)
        for n, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    assert body(laid(pieces)).splitlines() == [
        "Item | For | Against",
        "Item 4 | 7 | 5",
        "Item 5 | 9 | 3",
    ]


def test_a_word_broken_at_a_line_s_end_is_whole_and_its_own_hyphen_stays() -> None:
    lines = [
        "The well-known director of the hospital wrote that it puts the pa-",
        "tients behind the supplier, and that she is a well-",
        "known opponent of the contract and always was one, she said then.",
    ]
    text = body(laid([line(t, n) for n, t in enumerate(lines)]))
    assert "puts the patients behind" in text
    assert "is a well-known opponent" in text


def test_a_footnote_stands_behind_the_paragraph_and_not_in_it() -> None:
    pieces = [
        line("The president ended the investigation on the third of the month and", 0),
        line("1 Testimony of Abel Quist, page 12.", 44, size=8),
    ]
    following = [line("was told so by his lawyers, who had asked him to think it over twice.", 0)]
    text = body(laid(pieces, following))
    assert "the month and was told so" in text
    assert "Abel Quist" in text


def test_lines_that_were_ended_on_purpose_stay_lines() -> None:
    lines = ["Kelvik Harbour Office", "12 Quay Street", "Kelvik"]
    wide = "A line as wide as the column says how wide that is, and it is this wide."
    text = body(laid([*(line(t, n) for n, t in enumerate(lines)), line(wide, 5)]))
    assert text.split("\n\n")[:3] == lines


def test_text_at_an_angle_and_leaders_stand_aside() -> None:
    turned = Piece("DRAFT", 200, 300, 300, 400, 60, turned=True)
    pieces = [
        line("The harbour is closed.", 0),
        line("Introduction . . . . . . . . . 4", 2),
        turned,
    ]
    found = laid(pieces)
    assert body(found) == "The harbour is closed."
    assert "DRAFT" in found.text
    assert "Introduction" in found.text
