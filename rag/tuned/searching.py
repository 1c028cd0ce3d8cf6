"""What is chosen on data about reading a question, and about passages and their search."""

from rag.tuned.row import (
    _EYE,
    _HAND,
    _PARTS,
    _PROCESS,
    _SCALE,
    _SEARCH,
    _SPELLING,
    _TURNS,
    _WEIGHTS,
    _WORDINGS,
    _tuned,
)

# Reading the question (question/)
LONG_QUESTION_WORDS = _tuned(25, "a longer question is taken apart into parts", "words", _HAND)
MAX_PARTS = _tuned(6, "parts of a question that are searched, each by itself", "parts", _HAND)
MIN_ALIAS = _tuned(6, "a shorter name is no other spelling of an outlet", "letters", _HAND)
LETTERS_OF_A_NAME = _tuned(4, "a shorter name may be its letters: U.S.", "letters", _HAND)
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
LEARNT_KIND = _tuned(
    0.4, "a question is of the kind that was learnt from so likely on", "share", _WORDINGS
)
LEARNT_OTHER = _tuned(
    0.7, "… and from so likely on, where a weak pattern tells another", "share", _WORDINGS
)
CLAIM_WORDS = _tuned(
    4, "a learnt claim with fewer words is a matter, and has no sides", "words", _EYE
)
LEARNT_VECTOR = _tuned(
    8.0, "what a question's vector weighs in that before anything is learnt", "factor", _WORDINGS
)
LEARNT_WORD = _tuned(0.7, "… and each of its words", "factor", _WORDINGS)
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
    1_000,
    "fewer are compared one by one, as Chroma would, by a process that asks once",
    "vectors",
    _PROCESS,
)
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
