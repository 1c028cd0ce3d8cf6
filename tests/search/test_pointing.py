"""A question that names a speaker, a period or a document is searched there first."""

from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.search.pointing import named_documents, read_titles
from tests.conftest import write

MINUTES = "The harbour board\n\nThe quay was closed. The crane was moved to the north side."


@pytest.fixture
def asked(tmp_path: Path) -> Assistant:
    folder = tmp_path / "documents"
    write(
        folder, "conference-2024-03-05.txt",
        "Press conference of the harbour board\n\nMS. ROOK. The crane will be moved in May, to the "
        "north side of the quay.\n\nMR. HALE. What of the crane and the quay, and who pays for the "
        "crane?\n\nMS. ROOK. The town pays for all of that.\n\nMR. HALE. Who pays for the crane of "
        "the quay in the end?\n\nMS. ROOK. I have answered that.",
    )  # fmt: skip
    write(folder, "minutes-2024-04-02.txt", MINUTES)
    write(folder, "minutes-2024-05-07.txt", MINUTES.replace("north", "south"))
    write(
        folder, "crane.txt",
        "The crane\n\nThe crane of the quay, Hale said, is old. The crane, the quay: the crane!",
    )  # fmt: skip
    assistant = Assistant(Settings(home=tmp_path / "home", documents=folder))
    assistant.sync()
    return assistant


@pytest.mark.parametrize(
    ("question", "first"),
    [
        # In somebody's own words, whoever else has more of the question's.
        ("What did Rook say about the crane?", "conference-2024-03-05.txt"),
        ("What's Rook's view on the crane?", "conference-2024-03-05.txt"),
        # In what is called so, of the month that is named.
        ("Where was the crane moved, by the April 2024 minutes?", "minutes-2024-04-02.txt"),
        ("Where was the crane moved, by the May 2024 minutes?", "minutes-2024-05-07.txt"),
        ("What was said of the crane at the press conference?", "conference-2024-03-05.txt"),
        # What names nothing of the kind is searched as ever.
        ("Is the crane of the quay old?", "crane.txt"),
    ],
)
def test_the_first_hit_is_of_what_is_named(asked: Assistant, question: str, first: str) -> None:
    assert asked.search(question, k=3)[0].passage.document_id == first


def test_a_document_is_named_by_its_title_or_its_file() -> None:
    titles = read_titles(
        [("a/minutes-2024.txt", "Board"), ("b.txt", "Minutes of the board"), ("c.txt", "Speech")]
    )
    assert named_documents("What do the minutes say?", titles) == {"a/minutes-2024.txt", "b.txt"}
    assert named_documents("What do the letters say?", titles) == frozenset()
    assert named_documents("Who said it took minutes?", titles) == frozenset()
    assert named_documents("How many minutes?", read_titles([("b.txt", "Minutes")])) == frozenset()
