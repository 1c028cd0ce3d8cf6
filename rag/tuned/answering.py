"""What is chosen on data about answering and declining, and answers of many rows. Knows no code."""

from rag.tuned.row import (
    _ANSWERS,
    _CLAIMS,
    _DECLINE,
    _EYE,
    _HAND,
    _RETOLD,
    _SAID,
    _SHAPES,
    _SPOTS,
    _SWAPS,
    _TURNS,
    _tuned,
)

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
    0.06, "from here on a passage that is not quoted is said to be near", "probability", _SPOTS
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
DECIDES = _tuned(0.8, "a sentence says yes or no that holds so much", "share of words", _SPOTS)
DECIDED_WORDS = _tuned(2, "… of a question of so many words at least", "words", _HAND)
DECIDE_AMONG = _tuned(8, "so many of the best sentences are asked", "sentences", _HAND)
COUNTED_WITHIN = _tuned(4, "words from a number to what it counts", "words", _HAND)
DAY_WITHIN = _tuned(8, "words from a day to a word of the question", "words", _SPOTS)
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
SAYS_SAME = _tuned(0.75, "others who say so much of it are named", "share of words", _SPOTS)
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
LEDGER = _tuned(600, "statements in which a claim is looked for", "statements", _CLAIMS)
LEDGER_READ = _tuned(150, "… of which so many that hold most of it are read", "statements", _CLAIMS)
SIDE_BEHIND = _tuned(0.055, "a statement on a claim is so near the nearest", "cosines", _CLAIMS)
SIDE_TELLS = _tuned(0.78, "… and reads so much like it", "late interaction's cosines", _CLAIMS)
SIDE_HOLDS = _tuned(0.5, "… or holds so much of it", "share of words, by rarity", _CLAIMS)
SIDE_BEHIND_NO = _tuned(0.08, "one that says no is so near", "cosines", _CLAIMS)
SIDE_TELLS_NO = _tuned(0.74, "… and reads so much like it", "late interaction's cosines", _CLAIMS)
SIDE_BEHIND_HELD = _tuned(0.105, "… or so near where it holds so much", "cosines", _CLAIMS)
SIDE_PLAIN = _tuned(0.05, "plain words are shown before what is so much nearer", "cosines", _CLAIMS)
PLAIN_NO = _tuned(3, "a no and what it is of, in so many words, speaks plainly", "words", _CLAIMS)
NEGATED_WITHIN = _tuned(45, "a no is of what stands so near behind it", "characters", _CLAIMS)
BEFORE_SIDE = _tuned(
    250, "what a sentence takes a side on may stand so far before it", "characters", _HAND
)
SIDE_WITHIN = _tuned(80, "… and one word of it so close", "characters", _HAND)
ABOUT_SIDE = _tuned(0.5, "… of which the two hold so much", "share of words, by rarity", _EYE)
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
TOPIC_LIFTS = _tuned(1.0, "by so much a row gains that holds all of its topic", "times", _EYE)
BEFORE_ROW = _tuned(200, "names of a row may stand so far before it", "characters", _HAND)
HEADLINE_TELLS = _tuned(0.5, "left of what is no whole sentence", "share", _EYE)
UNDATED_ROWS = _tuned(8, "rows of a timeline whose documents have no days", "rows", _HAND)
EACH_DOCUMENT = _tuned(40, "so many documents are searched one by one", "documents", _EYE)
TIMELINE_EACH = _tuned(4, "… each for so many passages", "passages", _SPOTS)
COURSE_SHARE = _tuned(0.6, "rows whose figures tell how it went", "share of the rows", _EYE)
COURSE_WITHIN = _tuned(8, "… each so near behind a word of the topic", "words", _EYE)
TIMES_NAMED = _tuned(3, "times that sentences name make a timeline", "times", _EYE)
TIME_LEAST = _tuned(0.04, "… each by a sentence that is so likely", "probability", _EYE)
TIME_HOLDS = _tuned(0.4, "… of a passage that holds so much", "words by rarity", _EYE)
YEARS_WITHIN = _tuned(100_000, "… of a year that so much of a text names", "characters", _HAND)
DAYS_AHEAD = _tuned(60, "a month without a year may be so far ahead", "days", _HAND)
LEADS = _tuned(1.5, "what opens a document counts so much more", "times", _SHAPES)
LEAD_CHARACTERS = _tuned(600, "… within so many characters", "characters", _HAND)
TOLD_IN = _tuned(3, "documents from which on it counts how alike they tell it", "documents", _HAND)
TOLD_AMONG = _tuned(8, "… among so many sentences of each", "sentences", _HAND)
TOLD_ONCE = _tuned(0.2, "what nobody else tells in such words keeps so much", "share", _SPOTS)
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
FIGURE_ASKED = _tuned(0.1, "… where the question is after one", "share", _SHAPES)
EXPECTED = _tuned(0.25, "… of one that tells what is expected", "share", _SHAPES)
ALIKE_COSTS = _tuned(0.5, "what says the same as one chosen loses so much", "cosines", _SHAPES)
SAID_WORDS = _tuned(3, "so few words behind “says” are counted, more are told", "words", _HAND)
SAID_SO = _tuned(0.7, "who says so much of it says it", "share by rarity", _EYE)
RETOLD_SHARE = _tuned(0.45, "of the shorter of two tellings of one quotation", "words", _RETOLD)
RETOLD_SHORT = _tuned(0.7, "… of a short one, of fewer telling words than that", "words", _RETOLD)
RETOLD_RUN = _tuned(3, "… that stand in runs of so many", "words", _RETOLD)
RETOLD_TELLING = _tuned(5, "… and hold so many telling words", "words", _RETOLD)
RETOLD_WORDS = _tuned(150, "of a longer quotation the rest is not compared", "words", _HAND)
