"""What is searched: some of the documents, and of those some passages. Knows neither."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """What one operator of a question leaves: passages with words in them or in which somebody
    speaks, documents of a title or an outlet.

    `kind` is "words", "title", "outlet" or "speaker". One of `values` has to fit, or none where it
    is `negated`. Of words they are folded ("soft landing"; "infla*" is how one begins), of a
    title the ids of documents, else outlets and speakers as the library spells them. `exact` are
    words that stood in quotation marks.
    """

    kind: str
    values: tuple[str, ...]
    negated: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Some of the documents: only these, of some outlets, of some days, from or up to a day; and
    of their passages those that all of `limits` leave.

    Days are ISO 8601; in `days` "....-11-16" is of any year. `since` and `until` include their day,
    and leave out documents without a date. What is empty limits nothing.
    """

    outlets: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    limits: tuple[Limit, ...] = ()

    @property
    def cuts(self) -> bool:
        """Whether it leaves of a document some passages and others not."""
        return any(limit.kind in ("words", "speaker") for limit in self.limits)
