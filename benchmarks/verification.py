"""How many false sentences the verifier lets through: python benchmarks/verification.py --help

True cited sentences come from three places: written by hand over the seeds (true_answers.jsonl),
built from hand-made attributions (PolNeAR's, with --gold), and taken from the documents with light
rewording. Each is checked among eight passages of its own and other documents. Each corruption
changes one true sentence in one way.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.check.citations import verify
from rag.check.claims import find_quoted, names, tokens
from rag.documents.passages import split
from rag.documents.scan import read_document, scan_folder
from rag.language.sentences import sentences
from rag.language.words import fold_typography, fold_with_offsets
from rag.statements import extract
from rag.types import Evidence, Passage, Statement

ROOT = Path(__file__).resolve().parent.parent
PASSAGES = 8
Corrupt = Callable[["Case", random.Random, "Corpus"], str | None]


@dataclass(frozen=True)
class Case:
    """A true sentence with its marker, over numbered passages of which `number` bears it out."""

    origin: str
    text: str
    number: int
    evidence: tuple[Evidence, ...]
    speaker: str = ""
    content: str = ""


class Corpus:
    """Documents with their passages and statements."""

    def __init__(self, folder: Path, chosen: Callable[[str], bool] = lambda name: True) -> None:
        files = [f for f in scan_folder(folder).files if chosen(f.id)]
        self.documents = {f.id: read_document(f) for f in files}
        self.passages = {id_: split(d) for id_, d in self.documents.items()}
        self.statements = {id_: extract(d) for id_, d in self.documents.items()}
        self.all_passages = [p for ps in self.passages.values() for p in ps]
        self.people = sorted(
            {s.speaker for ss in self.statements.values() for s in ss
             if re.fullmatch(r"[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){1,2}", s.speaker)}
        )  # fmt: skip

    def around(self, passage: Passage, rng: random.Random) -> tuple[int, tuple[Evidence, ...]]:
        """`passage` among its neighbours and passages of other documents; its number."""
        near = [p for p in self.passages[passage.document_id] if p != passage]
        rng.shuffle(near)
        far = rng.sample(self.all_passages, min(PASSAGES, len(self.all_passages)))
        others = [p for p in [*near[:4], *far] if p != passage and not _overlap(p, passage)]
        chosen = [passage, *dict.fromkeys(others)][:PASSAGES]
        rng.shuffle(chosen)
        evidence = tuple(Evidence(n, p) for n, p in enumerate(chosen, start=1))
        return chosen.index(passage) + 1, evidence

    def holding(self, document_id: str, start: int, end: int) -> Passage | None:
        return next(
            (p for p in self.passages.get(document_id, ()) if p.start <= start and end <= p.end),
            None,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=Path, help="more documents than the seeds")
    parser.add_argument("--gold", type=Path, help="annotated attributions of these documents")
    parser.add_argument("--true", type=int, default=300)
    parser.add_argument("--corruptions", type=int, default=500)
    parser.add_argument("--split", choices=("all", "develop", "check"), default="all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="count these complaints only: marker quote …")
    parser.add_argument("--show", action="store_true", help="print every mistake")
    options = parser.parse_args()
    rng = random.Random(options.seed)

    seeds = Corpus(ROOT / "seeds")
    corpora = [seeds]
    pools = [written(seeds, rng), reworded(seeds, rng)]
    if options.documents:
        files = sorted(f.id for f in scan_folder(options.documents).files)
        third = set(files[: len(files) // 3])
        corpus = Corpus(
            options.documents,
            {"all": lambda n: True, "check": lambda n: n in third,
             "develop": lambda n: n not in third}[options.split],
        )  # fmt: skip
        corpora.append(corpus)
        pools.append(reworded(corpus, rng))
        if options.gold:
            pools.append(attributed(corpus, options.gold, rng))
    for pool in pools:
        rng.shuffle(pool)
    shares = [0.2, 0.1, 0.3, 0.4] if len(pools) == 4 else [1 / len(pools)] * len(pools)
    taken = [round(share * options.true) for share in shares]
    true = [c for pool, n in zip(pools, taken, strict=True) for c in pool[:n]]
    # A pool that runs out is made up for from the last one.
    true += pools[-1][taken[-1] :][: options.true - len(true)]
    everything = [c for pool in pools for c in pool]
    documents = {i: d for c in corpora for i, d in c.documents.items()}
    statements = {i: s for c in corpora for i, s in c.statements.items()}

    def cited_by(case: Case) -> set[int]:
        """The passages that a sentence stands by; none if it does not."""
        ids = {e.passage.document_id for e in case.evidence}
        said: list[Statement] = [s for i in sorted(ids) for s in statements[i]]
        checked = verify(case.text, case.evidence, documents=documents, statements=said)
        return {c.number for c in checked.citations} if not checked.failed else set()

    def stands(case: Case) -> bool:
        ids = {e.passage.document_id for e in case.evidence}
        said: list[Statement] = [s for i in sorted(ids) for s in statements[i]]
        checked = verify(case.text, case.evidence, documents=documents, statements=said)
        good = bool(checked.citations) and not checked.failed
        if options.only is not None:
            good = not any(r.kind in options.only for r in checked.rejected)
        if options.show and good != expected:
            reasons = [r for s in checked.failed for r in s.reasons]
            print(f"[{label}] {case.text}\n     {reasons or ''}")
            if good:
                held = next(e for e in case.evidence if e.number == case.number)
                print(f"     > {held.passage.text[:300]!r}")
        return good

    expected, label = True, "false alarm"
    alarms: dict[str, list[bool]] = defaultdict(list)
    for case in true:
        alarms[case.origin].append(not stands(case))
    kinds = sorted(CORRUPTIONS)
    caught: dict[str, list[bool]] = defaultdict(list)
    expected = False
    each = -(-options.corruptions // len(kinds))
    for kind in kinds:
        label = kind
        made = 0
        for case in rng.sample(everything, len(everything)):
            if made == each or sum(map(len, caught.values())) == options.corruptions:
                break
            source = next(c for c in corpora if case.evidence[0].passage.document_id in c.documents)
            text = CORRUPTIONS[kind](case, rng, source)
            if text is None or text == case.text:
                continue
            caught[kind].append(not stands(replace(case, text=text)))
            made += 1
    total = [x for xs in caught.values() for x in xs]
    print("\n| corruption | n | caught |\n|---|---|---|")
    for kind in kinds:
        if caught[kind]:
            print(f"| {kind} | {len(caught[kind])} | {_share(caught[kind])} |")
    print(f"| all | {len(total)} | {_share(total)} |")
    print("\n| true sentences | n | false alarms |\n|---|---|---|")
    for origin, values in sorted(alarms.items()):
        print(f"| {origin} | {len(values)} | {_share(values)} |")
    flat = [x for xs in alarms.values() for x in xs]
    print(f"| all | {len(flat)} | {_share(flat)} |")
    print("\n| true sentences, marked otherwise | n | placed by the right passage |\n|---|---|---|")
    for name, change in (("marker moved", marker_moved), ("marker left out", marker_left_out)):
        placed = [
            case.number in cited_by(replace(case, text=text))
            for case in true
            if (text := change(case, rng, corpora[0])) is not None
        ]
        print(f"| {name} | {len(placed)} | {_share(placed)} |")


# --- true sentences ---


def written(corpus: Corpus, rng: random.Random) -> list[Case]:
    """Those written by hand over the seeds."""
    found = []
    path = Path(__file__).with_name("true_answers.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        folded, offsets = fold_with_offsets(corpus.documents[row["doc"]].text)
        at = folded.index(fold_typography(row["near"]))
        place = offsets[at]
        # The passage that holds the most of what stands around the place.
        holding = [p for p in corpus.passages[row["doc"]] if p.start <= place < p.end]
        passage = max(holding, key=lambda p: min(place - p.start, p.end - place))
        number, evidence = corpus.around(passage, rng)
        origin = f"written by hand, {row['style']}"
        found.append(Case(origin, _marked(row["text"], number), number, evidence))
    return found


def reworded(corpus: Corpus, rng: random.Random) -> list[Case]:
    """Sentences of the documents, some of them lightly reworded."""
    found = []
    for id_ in sorted(corpus.documents):
        passages = corpus.passages[id_]
        for passage in rng.sample(passages, min(4, len(passages))):
            spans = [s for s in sentences(passage.text) if 40 < s[1] - s[0] < 320]
            if not spans:
                continue
            start, end = rng.choice(spans)
            text = passage.text[start:end]
            if text.count("“") != text.count("”") or "\n" in text or not text.endswith((".", "”")):
                continue
            if re.match(r"(?:He|She|It|They|But|And|This|That|These|His|Her|Their)\b", text):
                continue
            if re.match(r"[AQ]:|I ", text) or text.count('"') % 2:
                continue
            if "”" in text and not re.search(r"\bsa(?:id|ys)\b|told", text):
                continue
            changed = rng.choice(REWORDINGS)(text)
            number, evidence = corpus.around(passage, rng)
            found.append(Case("from the documents", _marked(changed, number), number, evidence))
    return found


def attributed(corpus: Corpus, gold: Path, rng: random.Random) -> list[Case]:
    """ "X said that …" in four wordings, of hand-made attributions with a named source."""
    found = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = corpus.documents.get(row["doc"])
        if document is None or not row["source_spans"] or len(row["content"]) != 1:
            continue
        source, content = " ".join(row["source"][0].split()), " ".join(row["content"][0].split())
        cue = " ".join(row["cue"][0].split()) if row["cue"] else ""
        if not re.fullmatch(r"said|says|told|argued|added|claimed|warned|insisted|noted", cue):
            continue
        if not re.search(r"[A-Z]", source) or not 6 <= len(content.split()) <= 40:
            continue
        if len(source.split()) > 8 or "," in source:
            continue
        start = min(row["source_spans"][0][0][0], row["content_spans"][0][0][0])
        end = max(row["source_spans"][0][-1][1], row["content_spans"][0][-1][1])
        passage = corpus.holding(row["doc"], start, end)
        if passage is None:
            continue
        bare = content.strip(" ,.")
        if bare not in " ".join(passage.text.split()):
            continue  # the annotation skips words
        if re.fullmatch(r"“[^“”]+”?", bare):
            inner = bare.strip("“”").rstrip(",. ")
            text = rng.choice(
                [f"{source} said, “{inner}.”", f"“{inner},” said {source}.",
                 f"According to {source}, “{inner}.”", f'{source} said: "{inner}"']
            )  # fmt: skip
        elif bare.count("“") != bare.count("”") or '"' in bare or "''" in bare:
            continue
        else:
            bare = re.sub(r"^that ", "", bare)
            if not re.match(r"(?:[a-z]|[A-Z][\w’-]+ )", bare) or not re.search(
                r"\b(?:is|are|was|were|has|have|had|will|would|could|can|may|might|did|do|does"
                r"|\w+ed|should|must)\b", bare
            ):  # fmt: skip
                continue
            text = rng.choice(
                [f"{source} said that {bare}.", f"{source} {cue if cue != 'told' else 'said'} "
                 f"{bare}.", f"According to {source}, {bare}.",
                 f"{bare[0].upper()}{bare[1:]}, {source} said."]
            )  # fmt: skip
        number, evidence = corpus.around(passage, rng)
        found.append(Case("from annotations", _marked(text, number), number, evidence,
                          source, bare))  # fmt: skip
    return found


def _plain(text: str) -> str:
    return text


def _contract(text: str) -> str:
    return re.sub(r"\b(did|do|does|is|was|are|were|has|have|had|would|could) not\b", r"\1n’t", text)


def _straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’–", "\"\"''-"))


def _without_aside(text: str) -> str:
    return re.sub(r" \([^)]*\)|(?<=\w) – [^–]+ –(?= )", "", text)


def _spelt(text: str) -> str:
    for word, digit in (("three", "3"), ("four", "4"), ("five", "5"), ("ten", "10")):
        text = re.sub(rf"(?<![“\w-]){word}\b(?![^“]*”)", digit, text)
    return text


REWORDINGS = (_plain, _contract, _straight, _without_aside, _spelt)


# --- corruptions: one change each, or None where the sentence has nothing of the kind ---


def _outside(text: str) -> Callable[[int], bool]:
    marks = [(q.start, q.end) for q in find_quoted(text)]
    return lambda at: not any(a <= at < b for a, b in marks)


def _sub_one(text: str, pattern: str, new: str, rng: random.Random) -> str | None:
    outside = _outside(text)
    places = [m for m in re.finditer(pattern, text) if outside(m.start())]
    if not places:
        return None
    m = rng.choice(places)
    return text[: m.start()] + m.expand(new) + text[m.end() :]


def negation_inserted(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    if re.search(r"\b(?:not|never|no)\b|n['’]t", case.text):
        return None
    pattern = r"\b(was|were|is|are|has|have|had|will|would|can|could|should|may|might)(?= [a-z])"
    return _sub_one(case.text, pattern, r"\1 not", rng)


def negation_dropped(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    for pattern, new in ((r" not(?= (?!only|yet))", ""), (r"(\w)n['’]t\b", r"\1"),
                         (r" never(?= )", ""), (r"\bno (?=[a-z])", "")):  # fmt: skip
        found = _sub_one(case.text, pattern, new, rng)
        if found:
            return found
    return None


def _swap_name(case: Case, rng: random.Random, others: Sequence[str]) -> str | None:
    outside = _outside(case.text)
    groups = [g for g in names(tokens(case.text)) if outside(g[0].start) and len(g[-1].text) > 3]
    groups = [g for g in groups if g[0].start > 0 or len(g) > 1]
    if not groups:
        return None
    group = rng.choice(groups)
    mine = {t.text for t in group}
    # "Iran" for "Iranian" or "Pres. Obama" for "President Obama" would change nothing.
    roots = {w[:4].lower() for w in mine}
    choices = [o for o in others if o.split()[-1] not in case.text
               and not roots & {w[:4].lower() for w in o.split()}]  # fmt: skip
    if not choices:
        return None
    other = rng.choice(choices)
    return case.text[: group[0].start] + other + case.text[group[-1].end :]


def name_of_elsewhere(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    return _swap_name(case, rng, corpus.people)


def name_of_same_document(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    held = next(e.passage for e in case.evidence if e.number == case.number)
    text = corpus.documents[held.document_id].text
    others = {
        " ".join(t.text for t in g) for start, end in sentences(text)
        for g in names(tokens(text[start:end])) if g[0].start > 0 and len(g[-1].text) > 3
    }  # fmt: skip
    return _swap_name(case, rng, sorted(others))


def number_changed(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    body = re.sub(r"\[\d+\]", lambda m: " " * len(m.group()), case.text)
    outside = _outside(body)
    found = [t for t in tokens(body) if t.kind == "number" and outside(t.start)
             and re.search(r"\d", t.text)
             and not re.fullmatch(r"(?:19|20)\d\d", t.text)]  # fmt: skip
    if found:
        token = rng.choice(found)
        digits = [n for n, c in enumerate(token.text) if c.isdigit()]
        at = token.start + digits[0]
        new = str(rng.choice([d for d in range(1, 10) if str(d) != body[at]]))
        return case.text[:at] + new + case.text[at + 1 :]
    words = "two three four five six seven eight nine ten".split()
    for word in rng.sample(words, len(words)):
        other = rng.choice([w for w in words if w != word])
        changed = _sub_one(case.text, rf"\b{word}\b", other, rng)
        if changed:
            return changed
    return None


_MONTH = "January February March April June July August September October November December"


def date_changed(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    months, days = (
        _MONTH.split(),
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    )
    for group in rng.sample([months, days], 2):
        for word in rng.sample(group, len(group)):
            other = rng.choice([w for w in group if w != word])
            changed = _sub_one(case.text, rf"\b{word}\b", other, rng)
            if changed:
                return changed
    return _sub_one(case.text, r"\b(19|20)\d\d\b(?!\])", str(rng.randint(1950, 1999)), rng)


def quote_altered(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    quotes = [q for q in find_quoted(case.text) if len(q.text.split()) > 2]
    if not quotes:
        return None
    quote = rng.choice(quotes)
    words = quote.text.split(" ")
    place = rng.randrange(1, len(words) - 1) if len(words) > 2 else 1
    kind = rng.choice(["insert", "drop", "replace", "negate"])
    if kind == "drop":
        del words[place]
    elif kind == "replace":
        words[place] = rng.choice(["often", "small", "later", "people", "gave"])
    else:
        words.insert(place, "not" if kind == "negate" else rng.choice(["very", "all", "always"]))
    altered = " ".join(words)
    return case.text.replace(quote.text, altered, 1) if altered != quote.text else None


def marker_moved(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    held = next(e.passage for e in case.evidence if e.number == case.number)
    others = [e.number for e in case.evidence
              if e.number != case.number and not _overlap(e.passage, held)]  # fmt: skip
    return re.sub(r"\[\d+\]", f"[{rng.choice(others)}]", case.text)


def attribution_removed(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del rng, corpus
    if not case.content or "“" in case.content[:1]:
        return None
    return _marked(f"{case.content[0].upper()}{case.content[1:]}.", case.number)


def attribution_moved(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    if not case.speaker:
        return None
    held = next(e.passage for e in case.evidence if e.number == case.number)
    mine = set(case.speaker.replace("’s", "").split())
    here = sorted({s.speaker for s in corpus.statements[held.document_id]})
    choices = [p for p in (here if rng.random() < 0.7 else corpus.people)
               if p[:1].isupper() and not mine & set(p.split()) and len(p.split()) < 5]  # fmt: skip
    return case.text.replace(case.speaker, rng.choice(choices), 1) if choices else None


def hedge_dropped(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del corpus
    for pattern, new in (
        (r"\b(?:alleged|reportedly|allegedly|apparently|suspected|possibly|potentially|probably"
         r"|purported|supposedly|perhaps|likely) (?=[a-z])", ""),
        (r"\b(?:may|might|could)(?= [a-z])", "will"),
    ):  # fmt: skip
        changed = _sub_one(case.text, pattern, new, rng)
        # "could potentially" without one of the two is as guarded as before.
        if changed and not re.search(r"(?:could|may|might) (?:also )?(?:potentially|possibly)",
                                     case.text):  # fmt: skip
            return changed
    return None


CORRUPTIONS: dict[str, Corrupt] = {
    "negation inserted": negation_inserted,
    "negation dropped": negation_dropped,
    "name of another document": name_of_elsewhere,
    "name of the same document": name_of_same_document,
    "number changed": number_changed,
    "date changed": date_changed,
    "quote altered by a word": quote_altered,
    "attribution removed": attribution_removed,
    "attribution moved": attribution_moved,
    "hedge dropped": hedge_dropped,
}


def marker_left_out(case: Case, rng: random.Random, corpus: Corpus) -> str | None:
    del rng, corpus
    return re.sub(r" ?\[\d+\]", "", case.text)


def _marked(text: str, number: int) -> str:
    text = text.rstrip()
    return f"{text[:-1]} [{number}]." if text.endswith(".") else f"{text} [{number}]"


def _overlap(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "–"


if __name__ == "__main__":
    main()
