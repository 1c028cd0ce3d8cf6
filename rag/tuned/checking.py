"""What is chosen on data about checking sentences and about language models. Knows no code."""

from rag.tuned.row import _CHECK, _GRADED, _HAND, _PLACED, _SMALL, _WORDED, _WORDS, _tuned

# Is a sentence borne out (check/)
ELLIPSIS_GAP = _tuned(600, "what an ellipsis of a quotation may leave out", "characters", _HAND)
BRACKET_GAP = _tuned(80, "… and an insertion in brackets", "characters", _HAND)
MAX_PIECES = _tuned(8, "pieces of a quotation that is cut", "pieces", _HAND)
NEARER_DAY = _tuned(0.8, "days and months, which stand anywhere, are held closer", "share", _CHECK)
WINDOW = _tuned(8, "words beside a name or number that tell its sentence", "words", _CHECK)
BESIDE_NAME = _tuned(2, "words beside a name that tell its place in a sentence", "words", _HAND)
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
VERBATIM = _tuned(
    0.6,
    "words are compared one by one from this share in one sentence on",
    "share of words",
    _CHECK,
)
FOLLOWED_WORDS = _tuned(3, "a shorter sentence follows nothing", "words", _HAND)
FOLLOWS = _tuned(0.4, "a sentence follows one that holds so much of it", "share of words", _WORDS)
VERBATIM_OPPOSITE = _tuned(0.6, "… closely enough for opposites to stand out", "share", _WORDS)
VERBATIM_WORD = _tuned(
    0.9, "… and word for word from here on: one other word is another claim", "share", _WORDS
)
OPPOSITE_AMONG = _tuned(5, "words beside an opposite, two of them the same", "words", _WORDS)
FLANK = _tuned(5, "words beside one in a looser sentence that must be the same", "words", _WORDS)
ADDED_NEW = _tuned(2, "a clause of its own has so many words that no passage has", "words", _WORDS)
ADDED_SHARE = _tuned(0.5, "… most of all of them", "share of words", _WORDS)
ADDED_TO = _tuned(0.95, "… and is added to what so much is of the passage", "share", _WORDS)
ONE_WORD_APART = _tuned(
    0.8,
    "two names changed places where so many other words are the same",
    "share of words",
    _CHECK,
)

LONG_WORD = _tuned(10, "a word of so many letters says as much as a name", "letters", _HAND)
RELATED_HELD = _tuned(0.5, "a related word is held so far", "share", _HAND)
EARLIER_HELD = _tuned(0.7, "… and what a pronoun may stand for", "share", _HAND)
BORNE_OUT = _tuned(0.42, "a sentence is borne out from this score on", "probability", _GRADED)
IN_PART = _tuned(0.2, "… and in part from here on", "probability", _GRADED)
IN_PART_HELD = _tuned(0.4, "… if so many of its words are held at all", "share of words", _HAND)
FOLLOWS_CLOSELY = _tuned(
    0.6, "what is wrong in a sentence that follows one so closely decides", "share", _GRADED
)
ALTERED = _tuned(0.7, "a quotation is altered where so much of it stands", "share of words", _HAND)

# A draft (draft/)
CLAUSE_WORDS = _tuned(4, "a clause of so many words is looked for by itself", "words", _HAND)
CLAUSE_HELD = _tuned(0.5, "… and is new where no sentence holds so much of it", "share", _HAND)
CLAUSE_REST = _tuned(0.6, "… while of the rest so much is held", "share", _HAND)
DRAFT_PASSAGES = _tuned(8, "passages that a sentence of a draft is held against", "passages", _HAND)
AROUND = _tuned(500, "… with so much of the text before and behind each", "characters", _HAND)
CANDIDATE = _tuned(0.85, "… of which those are read that hold so much of the best", "share", _HAND)
CANDIDATE_DOCUMENTS = _tuned(2, "documents whose passages are read together", "documents", _HAND)
SURE = _tuned(0.85, "no further passage is looked at from this score on", "probability", _HAND)
DRAFT_PAIRS = _tuned(0.25, "a sentence whose words stand so little in pairs …", "share", _HAND)
DRAFT_ABOUT = _tuned(0.45, "a sentence with less of it is about something else", "share", _HAND)
DRAFT_HELD = _tuned(0.6, "… or that holds so few of its words at all", "share of words", _HAND)
DRAFT_WINDOW = _tuned(
    0.8, "… and of which three sentences hold no more is not there", "share", _HAND
)
SURE_ELSEWHERE = _tuned(
    0.6, "a farther passage bears out what a close one does not", "probability", _HAND
)
HEADING_WORDS = _tuned(12, "a line of so few words and no full stop is a heading", "words", _HAND)

# A model's sentences (check/placing.py)
SAID_BY_ONE = _tuned(
    0.75, "of a small model only what one sentence says so far is kept", "share of words", _SMALL
)
ALIKE = _tuned(0.75, "a sentence of few of their words means what passages say", "cosine", _PLACED)
FOLLOWS_LOOSELY = _tuned(
    0.35, "single words decide in a sentence that follows a passage so far", "share", _PLACED
)
PLACED_AMONG = _tuned(
    3, "a sentence may stand in one of so many passages, or two", "passages", _PLACED
)
PLACED_WORDS = _tuned(2, "… if it has so many words", "words", _PLACED)
PLACED_SHARE = _tuned(0.75, "… that share so much of what the nearest shares", "share", _PLACED)
KEPT_WORDS = _tuned(4, "a clause goes only where so much is left of it", "words", _PLACED)
KEPT_SHARE = _tuned(0.4, "… and so much of its words", "share of words", _PLACED)
CLAUSES_TRIED = _tuned(8, "clauses of a sentence that may go", "clauses", _HAND)

# Language models (models/, answer/brief.py, answer/covering.py)
MIN_BILLIONS = _tuned(
    3.0,
    "`auto` leaves smaller local models alone: below this they invent speakers",
    "billions of parameters",
    _HAND,
)
SMALL_BILLIONS = _tuned(
    4.0, "a model of so many parameters is small: it is shown little", "billions", _WORDED
)
BRIEF_CHARACTERS = _tuned(2000, "what a small model is shown", "characters", _WORDED)
BRIEF_SENTENCES = _tuned(10, "… of the sentences nearest to the question", "sentences", _WORDED)
BRIEF_AROUND = _tuned(300, "a row is shown with so much around it", "characters", _HAND)
COVERED = _tuned(0.5, "a worded answer says so much of the first quote", "share of words", _WORDED)
COVERED_BY_NEXT = _tuned(5, "… or cites one of so many that answer best", "sentences", _WORDED)
COVERED_POINTS = _tuned(2, "… and so many of the points of a summary", "rows", _HAND)
