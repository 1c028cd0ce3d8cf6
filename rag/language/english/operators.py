"""Search operators as they are typed, and the questions that a search without one stands for."""

# What stands before a colon: what it limits.
FIELDS = {
    "title": "title",
    "outlet": "outlet",
    "source": "outlet",
    "speaker": "speaker",
    "before": "before",
    "after": "after",
    "since": "since",
    "until": "until",
}
# Fields that name a day, month or year.
DAYS = frozenset(("before", "after", "since", "until"))
# Between words, in capitals alone: "or" is a word.
EITHER = frozenset(("OR",))
BOTH = frozenset(("AND",))
NEVER = frozenset(("NOT",))
# "outlet:Reuters", "speaker:Powell", "speaker:Powell inflation", "speaker:Powell speaker:Yellen".
ASKS_DOCUMENTS = "How many documents are there?"
ASKS_WORDS = "What did {0} say?"
ASKS_WORDS_ABOUT = "What did {0} say about {1}?"
ASKS_WORDS_OF_TWO = "Compare what {0} and {1} said"
