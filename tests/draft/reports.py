"""Reports as they come of judging, made by hand."""

from rag.draft.report import Finding, Judged, Report, Verdict
from rag.language.sentences import sentences
from rag.types import Citation

QUOTE = "The board was told on 7 May that forty piles had failed."
CITED = Citation(1, "a.txt", "Minutes", "Herald", "2021-05-02", 10, 10 + len(QUOTE), QUOTE, 4)
# Sentences to be commented on are told by their words: (verdict, [(kind, words, instead)]).
Found = tuple[Verdict, list[tuple[str, str, str]]]


def report(text: str, found: dict[str, Found], *, name: str = "draft.docx") -> Report:
    """A report on `text`: each sentence with a key of `found` in it as that says, others stand."""
    judged = []
    for start, end in sentences(text):
        sentence = text[start:end]
        verdict, findings = next((v for k, v in found.items() if k in sentence), ("borne out", []))
        judged.append(
            Judged(
                start,
                end,
                sentence,
                verdict,
                float(verdict == "borne out"),
                tuple(finding(sentence, start, *f) for f in findings),
                () if verdict in ("no claim", "not borne out") else (CITED,),
            )
        )
    return Report(name, text, tuple(judged), documents=5)


def finding(sentence: str, start: int, kind: str, words: str, instead: str) -> Finding:
    at = start + sentence.index(words)
    return Finding(kind, at, at + len(words), words, f"“{words}” does not stand there", instead)
