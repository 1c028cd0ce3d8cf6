"""What checking a draft found. Knows nothing about how it is found or shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.types import Citation

Verdict = Literal["borne out", "in part", "not borne out", "contradicted", "no claim"]
# In the order of what a writer wants to see first.
VERDICTS: tuple[Verdict, ...] = (
    "contradicted", "not borne out", "in part", "borne out", "no claim",
)  # fmt: skip
# What each is called, wherever it is shown.
LABELS: Mapping[Verdict, str] = {
    "contradicted": "Contradicted",
    "not borne out": "Not in the documents",
    "in part": "Borne out in part",
    "borne out": "Borne out",
    "no claim": "No claim",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with some words of a sentence: `[start, end)` of the draft's text.

    `kind` is one of `KINDS`; `reason` one line for people; `instead` the words that the document
    has there, "" where there are none to put in their place.
    """

    kind: str
    start: int
    end: int
    text: str
    reason: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of the draft, `[start, end)` of its text, and what the documents say of it.

    `score` is how probable it is that the passages bear all of it out, 0 to 1; `citations` are
    where, the nearest first, none where the documents have nothing like it. A sentence of no claim
    (a heading, a question) was not looked up.
    """

    start: int
    end: int
    text: str
    verdict: Verdict
    score: float
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A checked draft: `text` as it was read, its sentences in order, and in how many documents
    they were looked up. `stopped` is set where somebody ended it before its last sentence."""

    name: str
    text: str
    sentences: tuple[Judged, ...]
    documents: int
    stopped: bool = False

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """{verdict: sentences}, every verdict in the order of `VERDICTS`."""
        found = Counter(s.verdict for s in self.sentences)
        return {v: found[v] for v in VERDICTS}

    @property
    def kinds(self) -> Mapping[str, int]:
        """{kind of finding: times}, the commonest first."""
        found = Counter(f.kind for s in self.sentences for f in s.findings)
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


# What a finding can be about, and how it is told in few words.
KINDS: Mapping[str, str] = {
    "altered-quote": "a quotation is not word for word",
    "speaker": "somebody else said it",
    "number": "another number",
    "date": "another date",
    "name": "another name",
    "negation": "says the contrary",
    "opposite": "says the opposite",
    "word": "another word changes it",
    "hedge": "a doubt is left out",
    "opinion": "told as a fact what somebody says",
    "added": "no document says this part",
    "nothing": "no document says this",
}
