"""What is chosen on data about reading files and pages, and who says what in a text."""

from rag.tuned.row import _ARTICLES, _ENCODED, _HAND, _PAGES, _SAID, _TURNS, _tuned

# Reading files (documents/)
MOST_WRONG = _tuned(
    0.34, "a text with more odd signs is in no encoding that is judged", "share of signs", _ENCODED
)
LETTER_COST = _tuned(0.6, "a letter not of ASCII costs so much if it fits", "odd letters", _ENCODED)
LANGUAGE_GAIN = _tuned(
    0.5, "and so much less in a language whose little words stand there", "odd letters", _ENCODED
)
MOST_OF_PAGE = _tuned(
    0.6, "what holds more of a page is its article, whatever it is called", "share", _ARTICLES
)

# Reading pages (documents/layout, documents/pdf)
PIECE_GAP = _tuned(0.8, "a gap in a line that begins another piece", "heights of letters", _PAGES)
GUTTER = _tuned(0.8, "between columns or cells stands so much", "heights of letters", _PAGES)
GUTTER_LEFT = _tuned(0.6, "… and so much of it in each row", "heights of letters", _PAGES)
SAME_LINE = _tuned(0.4, "pieces are of one line up to so far above another", "heights", _PAGES)
COLUMN_WORDS = _tuned(3.0, "columns of text have so many words a line", "words", _PAGES)
COLUMN_ROWS = _tuned(3, "… and so many lines", "lines", _PAGES)
LOOSE_LINES = _tuned(1.35, "a paragraph begins where lines stand so much farther", "times", _PAGES)
INDENT = _tuned(0.8, "… or where a line is set in so far", "heights of letters", _PAGES)
MOST_INDENT = _tuned(0.35, "what is set in farther is no first line", "share of the column", _PAGES)
INDENTED_SHARE = _tuned(0.04, "paragraphs are set in where so many lines are", "share", _PAGES)
LONG_LINE = _tuned(0.5, "a line that is longer and ends no sentence goes on", "share", _PAGES)
CENTRED = _tuned(0.1, "a line with so much free on either side is centred", "share", _PAGES)
LINE_SLACK = _tuned(0.5, "letters that a full line may be short of its column", "letters", _PAGES)
OTHER_SIZE = _tuned(0.12, "letters that differ so much begin a paragraph", "share of size", _PAGES)
FOOTNOTE_SIZE = _tuned(0.93, "smaller lines at a page's end are footnotes", "share of size", _PAGES)
RAISED_SIZE = _tuned(0.8, "smaller raised digits are marks of footnotes", "share of size", _PAGES)
RAISED_BY = _tuned(0.2, "… raised by so much", "heights of letters", _PAGES)
EDGE_LINES = _tuned(4, "lines at either edge of a page that may repeat", "lines", _PAGES)
SAME_PLACE = _tuned(4.0, "… within so much of where they stand on the next", "points", _PAGES)
LINE_NUMBERS = _tuned(5, "so many counting numbers in a margin are line numbers", "lines", _PAGES)
NUMBERED_SHARE = _tuned(0.15, "… beside this share of the lines", "share of lines", _PAGES)
TEXT_NUMBERED = _tuned(0.5, "… in a text without a layout", "share of lines", _PAGES)
STRANGE_SHARE = _tuned(
    0.08, "a page with more that no text holds says nothing", "share of characters", _PAGES
)
# Text wrapped by hand (language/sentences)
WRAPPED_RAGGED = _tuned(16, "lines so near to the widest are full", "characters", _PAGES)
WRAPPED_WIDEST = _tuned(140, "nobody wraps wider by hand", "characters", _PAGES)
WRAPPED_NARROWEST = _tuned(30, "nobody wraps narrower by hand", "characters", _PAGES)
WRAPPED_SHARE = _tuned(0.5, "so many lines must be full", "share of lines", _PAGES)

# Who says what in a text (statements/)
MAX_GAP = _tuned(140, "between a quotation and the cue that introduces it", "characters", _SAID)
MAX_REACH = _tuned(340, "a cue begins at most so far before its quotation", "characters", _SAID)
MAX_LEAD = _tuned(2, "before a trailing attribution, that it may be meant for", "sentences", _SAID)
MIN_LOOSE_WORDS = _tuned(
    5, "fewer quoted words are a term, unless somebody is named beside them", "words", _SAID
)
MIN_CONTINUED = _tuned(2, "… and goes on behind its speaker with so few", "words", _SAID)
MIN_NESTING_WORDS = _tuned(5, "fewer quoted words report nobody else's", "words", _SAID)
CHAIN_REACH = _tuned(20, "statements on either side that may hold another one", "statements", _HAND)
STUDY_REACH = _tuned(8, 'how far before "shows" a study may be named', "words", _SAID)
MAX_APPOSITION = _tuned(28, "words of an apposition at most", "words", _SAID)
LONG_PHRASE = _tuned(7, "a longer phrase is looked at for where it should end", "words", _SAID)
HEADLINE_SHARE = _tuned(
    0.75,
    "a line is a headline if so many of its long words are capitalised",
    "share of words",
    _SAID,
)
NEAR_LINES = _tuned(4, 'lines between a speaker and "he said" farther down', "lines", _SAID)
SUBJECT_REACH = _tuned(
    700, "characters back that the subject of a pronoun is looked for in", "characters", _SAID
)
REMEMBERED = _tuned(
    50, 'last descriptions with one head noun that "the source" may mean', "descriptions", _HAND
)
MAX_ALIKE = _tuned(100, "people of one surname or role that are told apart", "people", _HAND)

MIN_TURNS = _tuned(3, "a transcript names speakers so often who are named again", "turns", _TURNS)
OWN_REACH = _tuned(20_000, "of a signed text that is read for who says I", "characters", _TURNS)
TALK_WHOLE = _tuned(0.6, "paragraphs behind names that end as sentences do", "share", _TURNS)
TALK_COMMON = _tuned(0.5, "… whose names the text writes small elsewhere", "share", _TURNS)
TALK_OWN = _tuned(0.2, "… that say I or you, or ask", "share", _TURNS)
OWN_SHARE = _tuned(0.15, "sentences of an essay that say I, outside of quotations", "share", _TURNS)
TURN_WORDS = _tuned(45, "sentences of a turn that are one statement", "words", _TURNS)
MENU_WORDS = _tuned(20, "shorter lines are no menus", "words", _TURNS)
MENU_SHARE = _tuned(0.65, "a line of so many capitals is a menu", "share of words", _TURNS)
AUTHOR_REACH = _tuned(8_000, "where a text says whose it is", "characters", _TURNS)
