"""TABLE: every number that was chosen on data, with what it decides, on which scale, and by what.

Knows no code. Limits of size, time and protocol are not chosen on data and stand where they hold.
What is calibrated to late interaction's cosines is calibrated to
the models that Onrecord carries: with another one, or with none, it is used unchanged and may not
fit (`models.opened` says so in the log).
"""

from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tuned:
    """One number: `by` names the benchmark and its sets, `since` the day it was last chosen."""

    value: object
    decides: str
    scale: str
    by: str
    since: str


_ROWS: list[Tuned] = []


def _tuned(value: _T, decides: str, scale: str, by: str) -> _T:
    late = by in (_SPELLING, _PAGES, _TURNS, _ENCODED, _ARTICLES, _DECLINE, _SHAPES, _EYE, _RETOLD)
    _ROWS.append(Tuned(value, decides, scale, by, "2026-11-25" if late else "2026-11-21"))
    return value


_HAND = "by hand, no benchmark"
_SPELLING = "benchmarks/RESULTS.md, Reading the question: 30 + 30 spellings"
_SEARCH = "benchmarks/retrieval.py: seeds, PolNeAR, paraphrases, MultiHop-RAG"
_WEIGHTS = "benchmarks/weights.py: the same four, five-fold"
_PARTS = "benchmarks/retrieval.py: MultiHop-RAG"
_SCALE = "benchmarks/scale.py: 1,277, 12,585 and 102,953 passages"
# What a benchmark measures with many others at once is said to be measured, not chosen, by it.
_SAID = "benchmarks/attribution.py measures it with others: PolNeAR, 200 and 100 articles"
_DECLINE = "benchmarks/answering.py: six sets, each in full and left out"
_ANSWERS = "onrecord eval: 40 seed questions"
_SHAPES = "by hand; onrecord eval measures it with others: press conferences and BBC news"
_RETOLD = "by hand, half of 713 pairs of statements of seeds, PolNeAR and MultiHop-RAG"
_EYE = "by hand, over seeds, press conferences and BBC news"
_SWAPS = "benchmarks/attribution.py: who-said questions, and with another speaker put in"
_CHECK = "benchmarks/verification.py measures it with others: 11 kinds of generated change"
_TURNS = "press conferences by their own labels; tests/statements/test_turns.py"
_ENCODED = "tests/documents/test_encodings.py: 30 short texts in 13 encodings"
_ARTICLES = "tests/documents/test_html.py; by hand"
_PAGES = "tests/documents/test_layout.py; read by eye over 20 press conferences"

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

# Reading the question (question/)
LONG_QUESTION_WORDS = _tuned(25, "a longer question is taken apart into parts", "words", _HAND)
MAX_PARTS = _tuned(6, "parts of a question that are searched, each by itself", "parts", _HAND)
MIN_ALIAS = _tuned(6, "a shorter name is no other spelling of an outlet", "letters", _HAND)
MIN_SLIP = _tuned(6, "of shorter names too many are one letter apart", "letters", _SPELLING)
MIN_SIMILARITY = _tuned(
    0.78,
    "a mistyped word is read as one that is so similar",
    "share of letters in order",
    _HAND,
)
MIN_VARIANT = _tuned(5, "a shorter word has no other spelling", "letters", _SPELLING)
MIN_SKELETON = _tuned(3, "a shorter skeleton of sounds is anybody's", "sounds", _SPELLING)
MIN_SHARED = _tuned(3, "two spellings of one name stand among so many same words", "words", _HAND)
MIN_SHARED_RATIO = _tuned(0.12, "… and among this share of them", "share of words", _SPELLING)
CONTEXT_WORDS = _tuned(4, "words on either side of a name that are its company", "words", _SPELLING)
MIN_BASE = _tuned(4, "a shorter word has no derived forms", "letters", _SPELLING)
MIN_HEARD = _tuned(8, "a shorter word is not mended by its sound alone", "letters", _SPELLING)
MOSTLY_SMALL = _tuned(
    0.2,
    "a word is a name if it is written small in no larger share of its places",
    "share of places",
    _HAND,
)
CONTEXT_DOCUMENTS = _tuned(30, "documents read for the company of a word", "documents", _HAND)
ABOUT_WORDS = _tuned(6, "what a follow-up is about is no longer", "words", _EYE)

# Passages and their search (documents/passages, search/, library/)
TARGET_WORDS = _tuned(120, "how long a passage is", "words", _SEARCH)
OVERLAP_SENTENCES = _tuned(1, "sentences of a passage that the next repeats", "sentences", _SEARCH)
POOL = _tuned(50, "hits of each search that are fused", "passages", _SEARCH)
LEXICAL_WEIGHT = _tuned(
    (0.4, 0.6),
    "share of words in the fusion: where the best hit has none and all of the question",
    "share; the rest is the embedder's cosines (bge-small)",
    _WEIGHTS,
)
TITLE_WEIGHT = _tuned(0.3, "what a word of the title counts", "share of one of the text", _HAND)
PHRASE_BONUS = _tuned(0.5, "added to what holds the quoted words", "fused score", _WEIGHTS)
POINTED_BONUS = _tuned(
    0.5, "added to what is of the period, speaker or document asked about", "fused score", _TURNS
)
OWN_WORDS = _tuned(20_000, "statements of one speaker that are looked through", "statements", _HAND)
RERANK_DEPTH = _tuned(24, "passages that a reranker reads", "passages", _WEIGHTS)
RERANK_WEIGHT = _tuned(
    0.5,
    "share of the reranker in the order",
    "share; late interaction's cosines or the cross-encoder's logits, each scaled",
    _HAND,
)
WHOLE_WEIGHT = _tuned(0.5, "share of the whole question beside its parts", "share", _PARTS)
SERVED = _tuned(0.6, "how much a part counts less once a passage serves it", "share", _PARTS)
MERGE_GAP = _tuned(2, "passages between two that are shown as one", "passages", _PARTS)
MERGE_MOST = _tuned(4, "passages that are shown as one at most", "passages", _PARTS)
MERGE_POOL = _tuned(3, "times what is asked for that neighbours are looked for in", "times", _PARTS)
COPY_SHARE = _tuned(0.9, "texts that share so many words are copies", "share of words", _HAND)
FOCUS_WORDS = _tuned(40, "what is shown of a passage where all of it is too much", "words", _SEARCH)
MAX_POSTINGS = _tuned(
    20_000,
    "the commonest words are left out of the search until so many passages are left",
    "passages",
    _SCALE,
)
MIN_TERMS = _tuned(3, "words that are searched however common", "words", _SCALE)
EXACT_SCOPE = _tuned(5_000, "so many vectors are compared one by one", "vectors", _SCALE)
EXACT_ONCE = _tuned(
    1_000, "fewer are compared one by one, as Chroma would, by a process that asks once", "vectors",
    "onrecord ask over the seeds, whole process",
)  # fmt: skip
SCOPE_OVERFETCH = _tuned(8, "times what is asked for, where a scope takes some", "times", _HAND)
HNSW_OVERFETCH = _tuned(
    4, "times what is asked for of Chroma, which misses a neighbour near the end", "times", _HAND
)
HNSW_EF_SEARCH = _tuned(400, "neighbours that Chroma keeps in view to search", "vectors", _SCALE)
HNSW_EF_CONSTRUCTION = _tuned(200, "… and to build", "vectors", _SCALE)
HNSW_NEIGHBORS = _tuned(32, "edges of a vector in Chroma's graph", "vectors", _SCALE)
MAX_DEAD = _tuned(0.3, "share that is deleted before Chroma is built afresh", "share", _HAND)
COMPACT_FROM = _tuned(10_000, "so many vectors are searched in fewer dimensions", "vectors", _SCALE)
COMPACT_DIMENSIONS = _tuned(128, "… in so many", "dimensions", _SCALE)

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
OWN_SHARE = _tuned(0.15, "sentences of an essay that say I, outside of quotations", "share", _TURNS)
TURN_WORDS = _tuned(45, "sentences of a turn that are one statement", "words", _TURNS)
MENU_WORDS = _tuned(20, "shorter lines are no menus", "words", _TURNS)
MENU_SHARE = _tuned(0.65, "a line of so many capitals is a menu", "share of words", _TURNS)
AUTHOR_REACH = _tuned(8_000, "where a text says whose it is", "characters", _TURNS)

# Answering and declining (answer/)
RANKS = _tuned(
    (("sentence", 31.9), ("sentence, telling words", 7.54), ("sentence, least telling word", 0.0),
     ("with its neighbours", 15.49), ("with its neighbours, telling words", 2.05),
     ("passage, telling words", 0.0), ("question's words held", 0.0), ("… by the passage", 0.0),
     ("passage found", 2.32), ("has the number or day", 0.81), ("has a name", 0.44),
     ("has a reason", 0.95), ("asks", 0.0)),
    "which sentence answers best, of thirteen features",
    "weights of a softmax over the sentences of one question, none the wrong way",
    _DECLINE,
)  # fmt: skip
ANSWERS = _tuned(
    (("sentence", 7.72), ("sentence, telling words", 2.29), ("sentence, least telling word", 1.13),
     ("with its neighbours", 8.04), ("with its neighbours, telling words", 2.4),
     ("passage, telling words", 3.5), ("question's words held", 0.0), ("… by the passage", 0.18),
     ("passage found", 2.97), ("has the number or day", 0.51), ("has a name", 0.48),
     ("has a reason", 0.04), ("asks", 0.0), ("1", -25.21)),
    "how likely the best one answers, of the same features",
    "weights of a logistic regression: late interaction's cosines, shares of words, yes or no",
    _DECLINE,
)  # fmt: skip
ANSWERS_BY_WORDS = _tuned(
    (("question's words held", 3.9), ("… by the passage", 1.1), ("passage found", 1.6),
     ("has the number or day", 1.2), ("has a name", 0.0), ("has a reason", 0.0), ("asks", -1.3),
     ("1", -5.0)),
    "the same where nothing reads sentences",
    "weights of a logistic regression: shares of words, yes or no",
    _DECLINE,
)  # fmt: skip
HEAD_COUNTS = _tuned(0.9, "what a word over or beside a sentence counts in it", "share", _DECLINE)
ABSTAIN_BELOW = _tuned(
    0.12,
    "an answer of sentences is declined where the best one is less likely to answer",
    "probability",
    _DECLINE,
)
MAY_ANSWER = _tuned(
    0.06, "from here on a passage that is not quoted is said to be near", "probability", _EYE
)
DOUBTED = _tuned(0.5, "… where a name is missing that the question holds", "probability", _EYE)
ABSTAIN_PARTS = _tuned(0.1, "… of parts, all of which no sentence answers", "probability", _EYE)
SENTENCE_PHRASE = _tuned(0.5, "left of the doubt about what has the quoted words", "share", _EYE)
SENTENCE_HEADING = _tuned(0.3, "left of a line that only names what follows", "share", _EYE)
HEADING_WORDS = _tuned(14, "a longer line is no heading", "words", _EYE)
MAX_QUOTES = _tuned(3, "quotes of an answer", "sentences", _ANSWERS)
KEEP_QUOTE = _tuned(0.7, "a second or third quote is so near the first", "nearness", _DECLINE)
KEEP_PARTS = _tuned(2.5, "… of several, or where the first is not sure", "nearness", _EYE)
SURE = _tuned(0.5, "from here on one sentence is answer enough", "probability", _EYE)
KEEP_NEXT = _tuned(2.5, "… or this, where it is the sentence that follows", "nearness", _EYE)
DECIDES = _tuned(0.8, "a sentence says yes or no that holds so much", "share of words", _EYE)
DECIDED_WORDS = _tuned(2, "… of a question of so many words at least", "words", _HAND)
DECIDE_AMONG = _tuned(8, "so many of the best sentences are asked", "sentences", _HAND)
COUNTED_WITHIN = _tuned(4, "words from a number to what it counts", "words", _HAND)
TOLD_COVERS = _tuned(
    0.5, "what somebody told is in a passage that holds so much of it", "share of words", _EYE
)
DAY_WITHIN = _tuned(8, "words from a day to a word of the question", "words", _EYE)
NEAR_PHRASE = _tuned(2.0, "what quoted words lift, and a heading falls", "nearness", _EYE)
NEXT_GAP = _tuned(2, "… with so much between", "characters", _EYE)
SAME_QUOTE = _tuned(
    0.8, "two sentences that share so much of the shorter say the same", "share of words", _HAND
)
PHRASE_SHARE = _tuned(
    0.7,
    "quoted words may be misremembered: so many of them must stand in one passage",
    "share of words",
    _ANSWERS,
)
MAX_BACK = _tuned(2, 'sentences back to the one that names who "he" is', "sentences", _ANSWERS)
FORM_CHARACTERS = _tuned(600, "the longest form that is quoted whole", "characters", _TURNS)
STATEMENTS_SEARCHED = _tuned(20, "statements that are found by their words", "statements", _SAID)
ANSWER_ABOVE = _tuned(
    0.5,
    "who said it is answered from this score on",
    "statement score: share of the question's words, by rarity",
    _SWAPS,
)
SPEAKER_ABOVE = _tuned(0.45, "… and what somebody said from this one on", "statement score", _SWAPS)
SAYS_SAME = _tuned(0.75, "others who say so much of it are named", "share of words", _EYE)
MISSED_BY = _tuned(
    0.25,
    "a sentence without a statement that holds so much more answers instead",
    "share of the question's words, by rarity",
    _SWAPS,
)
KEEP_STATEMENT = _tuned(
    0.75,
    "another statement is shown from this share of the best score on",
    "share of the best score",
    _SAID,
)
KEEP_OWN = _tuned(
    0.5,
    "… and from this share on where one speaker's are asked for",
    "share of the best score",
    _EYE,
)
MAX_VOICES = _tuned(4, "speakers of an answer", "speakers", _HAND)
MAX_EACH = _tuned(2, "statements of each of them", "statements", _HAND)
MAX_OF_ONE = _tuned(5, "statements where only one is asked about", "statements", _HAND)
MAX_LISTED = _tuned(12, "statements where all that somebody says is listed", "statements", _HAND)
LEDGER = _tuned(600, "statements in which a claim is looked for", "statements", _EYE)
SIDE_BEHIND = _tuned(0.055, "a statement on a claim is so near the nearest", "cosines", _EYE)
SIDE_TELLS = _tuned(0.78, "… and reads so much like it", "late interaction's cosines", _EYE)
SIDE_HOLDS = _tuned(0.5, "… or holds so much of it", "share of words, by rarity", _EYE)
SIDE_BEHIND_NO = _tuned(0.08, "one that says no is so near", "cosines", _EYE)
SIDE_TELLS_NO = _tuned(0.74, "… and reads so much like it", "late interaction's cosines", _EYE)
SIDE_BEHIND_HELD = _tuned(0.105, "… or so near where it holds so much", "cosines", _EYE)
SIDE_PLAIN = _tuned(0.05, "plain words are shown before what is so much nearer", "cosines", _EYE)
PLAIN_NO = _tuned(3, "a no and what it is of, in so many words, speaks plainly", "words", _EYE)
NEGATED_WITHIN = _tuned(45, "a no is of what stands so near behind it", "characters", _EYE)
MAX_SIDES = _tuned(10, 'statements of "do the documents agree"', "statements", _HAND)
SIDE_ABOVE = _tuned(
    0.4, "… each from this score on", "statement score, by late interaction's cosines", _SAID
)
SIDE_COVERS = _tuned(
    0.3, "… and with this much of the topic", "share of the question's words, by rarity", _SAID
)
NEAREST = _tuned(3, "nearest statements beside an answer that declines", "statements", _HAND)
NEAR_ABOVE = _tuned(0.25, "… each from this score on", "statement score", _HAND)
STATEMENT_COVERS = _tuned(
    0.5,
    "weight of the question's words in a statement of whom it names; the rest is how it reads",
    "share of the question's words, by rarity",
    _SAID,
)
READS_MIDDLE = _tuned(
    0.78, "a statement reads half like what is asked at", "late interaction's cosines", _EYE
)
READS_SLOPE = _tuned(40, "… and how fast that changes", "per cosine", _EYE)
STATEMENT_PHRASE = _tuned(0.2, "added for the quoted words", "statement score", _SAID)
SAME_REPORT = _tuned(
    0.6, "statements that share so much are one report carried twice", "share of words", _SAID
)
LEAD_COUNTS = _tuned(0.9, "what words of the sentences before an attribution count", "share", _SAID)
TOPIC_WEIGHT = _tuned(
    0.7,
    "share of a reranker in what is near to a topic",
    "late interaction's cosines, scaled",
    _SAID,
)
CONCISE = _tuned(0.1, "what of two that hold the same the shorter gains", "statement score", _SAID)
STATEMENT_SHARE = _tuned(
    0.5,
    "a statement is about something if it holds this share of its words",
    "share of words",
    _HAND,
)
READS_AS_ANSWER = _tuned(0.82, "… or reads as an answer to it", "late interaction's cosines", _EYE)

# Answers of many rows (answer/engines/)
MAX_ROWS = _tuned(12, "rows of a list, a count or a timeline", "rows", _EYE)
MAX_NAMED = _tuned(20, "… and names in one line where there are more", "names", _EYE)
TITLE_CHARACTERS = _tuned(90, "a longer title is cut in a label", "characters", _HAND)
ROW_SENTENCES = _tuned(2, "sentences of a row", "sentences", _HAND)
ROW_LEAST = _tuned(0.05, "a row is a sentence that is at least so likely", "probability", _SHAPES)
ROW_SHARE = _tuned(0.15, "… and this share of the best one", "share of the best", _SHAPES)
UNDATED_ROWS = _tuned(8, "rows of a timeline whose documents have no days", "rows", _HAND)
EACH_DOCUMENT = _tuned(30, "so many documents are searched one by one", "documents", _EYE)
TIMELINE_EACH = _tuned(4, "… each for so many passages", "passages", _EYE)
TOLD_IN = _tuned(3, "documents from which on it counts how alike they tell it", "documents", _HAND)
TOLD_AMONG = _tuned(8, "… among so many sentences of each", "sentences", _HAND)
TOLD_ONCE = _tuned(0.2, "what nobody else tells in such words keeps so much", "share", _EYE)
TIMELINE_PASSAGES = _tuned(40, "passages of a timeline", "passages", _EYE)
DIGEST_SENTENCES = _tuned(6, "sentences of a digest", "sentences", _SHAPES)
DIGEST_PASSAGES = _tuned(400, "passages that a digest reads", "passages", _HAND)
DIGEST_WORDS = _tuned(8, "a shorter sentence is no main point", "words", _SHAPES)
DIGEST_LONGEST = _tuned(70, "nor is a longer one", "words", _SHAPES)
SAME_DOCUMENT = _tuned(3, "so many first passages of one document mean that one", "hits", _SHAPES)
EARLY_SENTENCES = _tuned(8, "what stands first counts for more", "sentences", _SHAPES)
EARLY_COUNTS = _tuned(0.5, "… by so much", "share of the spread of cosines", _SHAPES)
FIGURE_COUNTS = _tuned(0.2, "a figure or a day in a sentence", "share of the spread", _SHAPES)
NO_FIGURE = _tuned(0.5, "left of a timeline's sentence without a figure", "share", _SHAPES)
ALIKE_COSTS = _tuned(0.5, "what says the same as one chosen loses so much", "cosines", _SHAPES)
SAID_WORDS = _tuned(3, "so few words behind “says” are counted, more are told", "words", _HAND)
SAID_SO = _tuned(0.7, "who says so much of it says it", "share by rarity", _EYE)
RETOLD_SHARE = _tuned(0.45, "of the shorter of two tellings of one quotation", "words", _RETOLD)
RETOLD_SHORT = _tuned(0.7, "… of a short one, of fewer telling words than that", "words", _RETOLD)
RETOLD_RUN = _tuned(3, "… that stand in runs of so many", "words", _RETOLD)
RETOLD_TELLING = _tuned(5, "… and hold so many telling words", "words", _RETOLD)
RETOLD_WORDS = _tuned(150, "of a longer quotation the rest is not compared", "words", _HAND)

# Is a sentence borne out (check/)
ELLIPSIS_GAP = _tuned(600, "what an ellipsis of a quotation may leave out", "characters", _HAND)
BRACKET_GAP = _tuned(80, "… and an insertion in brackets", "characters", _HAND)
MAX_PIECES = _tuned(8, "pieces of a quotation that is cut", "pieces", _HAND)
NEARER_DAY = _tuned(0.8, "days and months, which stand anywhere, are held closer", "share", _CHECK)
WINDOW = _tuned(8, "words beside a name or number that tell its sentence", "words", _CHECK)
ADDED_WORDS = _tuned(
    2, "a claim takes in a second sentence that alone has so many of its words", "words", _CHECK
)
NEAR_SENTENCE = _tuned(
    0.6, "a sentence counts as meant from this share of the best one on", "share of words", _CHECK
)
SAME_CONTENT = _tuned(
    0.6, "a statement says what the claim says from this share on", "share of words", _CHECK
)
NEAR_BEST = _tuned(
    0.85,
    "statements that share nearly as much as the best one are read too",
    "share of the best",
    _CHECK,
)
TERM_WORDS = _tuned(5, "quotation marks set off so few as a term, not as speech", "words", _CHECK)
MIN_COVERAGE = _tuned(0.5, "a claim must share so much with its passages", "share of words", _CHECK)
MIN_SHORT = _tuned(0.6, "… a short one so much", "share of words", _CHECK)
SHORT_CLAIM = _tuned(3, "a claim of so many words is short", "words", _CHECK)
MOVED = _tuned(
    0.25,
    "another passage covers the claim better by so much: the marker is wrong",
    "share of words",
    _CHECK,
)
MOVED_BELOW = _tuned(0.7, "… unless its own covers so much", "share of words", _CHECK)
VERBATIM = _tuned(
    0.6,
    "words are compared one by one from this share in one sentence on",
    "share of words",
    _CHECK,
)
ONE_WORD_APART = _tuned(
    0.8,
    "two names changed places where so many other words are the same",
    "share of words",
    _CHECK,
)

# Language models (models/)
MIN_BILLIONS = _tuned(
    3.0,
    "`auto` leaves smaller local models alone: below this they invent speakers",
    "billions of parameters",
    _HAND,
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

TABLE = dict(zip([n for n in globals() if n.isupper() and n[0] != "_"], _ROWS, strict=True))
