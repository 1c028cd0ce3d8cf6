"""Libraries of every earlier version open, keep all that people made, and move it apart once.

`libraries/version*.db` were written by the Onrecord of that version: two documents, from version 4
on two chats, in version 5 feedback, a saved question, a test case and a run.
"""

import os
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag import Assistant, Settings, faults
from rag.errors import IndexMismatch
from rag.library.library import Library
from rag.library.migrations import LIBRARY, PEOPLE
from rag.library.people import People
from rag.library.stored import FORMAT, UNREADABLE, read_answer, write_answer
from tests.conftest import ROOT, write

LIBRARIES = ROOT / "tests" / "libraries"
QUESTION = "Who said the quay is closed?"


def old_home(home: Path, version: int) -> Path:
    home.mkdir()
    shutil.copy(LIBRARIES / f"version{version}.db", home / "library.db")
    return home


def open_home(home: Path) -> Assistant:
    return Assistant(Settings(home=home, rerank="off"))


def columns(path: Path) -> dict[str, set[str]]:
    """{table: its columns} of a database."""
    with closing(sqlite3.connect(path)) as opened:
        tables = [r[0] for r in opened.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {t: {c[1] for c in opened.execute(f"PRAGMA table_info({t})")} for t in tables}


@pytest.fixture
def opened(home: Path) -> Iterator[Callable[[int], Assistant]]:
    made: list[Assistant] = []

    def open_version(version: int) -> Assistant:
        made.append(open_home(old_home(home, version)))
        return made[-1]

    yield open_version
    for assistant in made:
        assistant.close()


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_a_library_of_each_version_is_read_asked_and_brought_up_to_date(
    version: int, opened: Callable[[int], Assistant], home: Path
) -> None:
    assistant = opened(version)
    assert [d.id for d in assistant.index.list_documents()] == ["bakery.md", "harbour.txt"]
    harbour = assistant.index.get_document("harbour.txt")
    assert harbour is not None
    assert harbour.text.startswith("The harbour of Kelvik")
    assert "the quay is closed" in assistant.ask(QUESTION).text
    assert [c.title for c in assistant.chats.find()] == (
        ["Who is Emmanuel Macron?", "The quay"] if version >= 4 else []
    )
    # What is in it now is what a new library has, column by column.
    new = Library.open(home.parent / "new", create=True)
    assert new is not None
    new.close()
    assert columns(home / "library.db") == columns(home.parent / "new" / "library.db")
    for name, migrations in (("library", LIBRARY), ("people", PEOPLE)):
        if (home / f"{name}.db").exists():
            with closing(sqlite3.connect(home / f"{name}.db")) as database:
                names = [r[0] for r in database.execute("SELECT name FROM migrations")]
            assert sorted(names) == [m.__name__ for m in migrations]


def test_words_of_an_old_index_are_indexed_with_plain_letters(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    write(documents, "dam.txt", "The dam\n\nMr Yıldız said the ground of Łódź is not safe.")
    settings = Settings(home=tmp_path / "home", documents=documents, rerank="off")
    with closing(Assistant(settings)) as assistant:
        assistant.sync()
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as database, database:
        # As it was until m009.
        late = ("m009_plain_letters", "m010_passages_as_written")
        database.execute("DELETE FROM migrations WHERE name IN (?, ?)", late)
        database.execute("ALTER TABLE passages DROP COLUMN written")
        database.execute("INSERT INTO words_fts (words_fts) VALUES ('rebuild')")
        database.execute("UPDATE passages_fts SET text = (SELECT text FROM documents)")
        database.execute("UPDATE statements_fts SET content = 'the ground of Łódź is not safe'")
        assert not database.execute("SELECT * FROM words WHERE term = 'yildiz'").fetchall()
    with closing(Assistant(settings)) as assistant:
        answer = assistant.ask("What did Yildiz say about Lodz?")
        assert [s.speaker for s in answer.statements] == ["Yıldız"], answer.reason
        for hit in assistant.search("Yildiz Lodz"):
            document = assistant.index.get_document(hit.passage.document_id)
            assert document is not None
            # The lexical index has plain letters; what is shown is as it is written.
            assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert assistant.search("ground of Lodz", k=1)[0].found_by == ("dense", "lexical")


def test_an_old_library_keeps_its_embeddings_and_learns_whose_words_it_has(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    write(documents, "dam.txt", "Mayor Anna Berg said that the dam of Kelvik is not safe.")
    settings = Settings(home=tmp_path / "home", documents=documents, rerank="off")
    with closing(Assistant(settings)) as assistant:
        assistant.sync()
        before = assistant.search("dam of Kelvik")
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as database, database:
        # As it was until m011: four bytes a number, and no table of voices.
        ((half,),) = database.execute("SELECT vector FROM embeddings").fetchall()
        whole = struct.pack("<384f", *struct.unpack("<384e", half))
        database.execute("UPDATE embeddings SET vector = ?", (whole,))
        database.execute("DROP TABLE voices")
        database.execute("DROP INDEX documents_by_source")
        late = ("m011_half_vectors", "m012_voices")
        database.execute("DELETE FROM migrations WHERE name IN (?, ?)", late)
    with closing(Assistant(settings)) as assistant:
        report = assistant.sync()
        assert (report.embedded, report.unchanged) == (0, ("dam.txt",))
        assert assistant.search("dam of Kelvik") == before
        library = assistant._home.find_library()
        assert library is not None
        assert library.list_speakers(["berg"]) == [("Anna Berg", "Mayor", 1)]
        assert library.list_speakers(["mayor"]) == [("Anna Berg", "Mayor", 1)]
        assert library.list_speakers(["kelvik"]) == []
        (documents / "dam.txt").unlink()
        assistant.sync()
        assert library.rows("SELECT * FROM voices") == []  # nor do names outlive their document


@pytest.mark.parametrize("version", [4, 5])
def test_a_chat_of_an_earlier_version_opens_with_what_it_cites(
    version: int, opened: Callable[[int], Assistant]
) -> None:
    assistant = opened(version)
    first, second = assistant.chats.read("one")
    assert (first.number, first.answer.question) == (1, QUESTION)
    assert first.answer.status == "answered"
    assert "rye bread" in second.answer.text
    (turn,) = assistant.chats.read("two")
    assert turn.answer.status == "abstained"
    for citation in first.answer.citations:
        document, _ = assistant.chats.open_citation(citation)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote


def test_feedback_saved_questions_cases_and_runs_come_along(
    opened: Callable[[int], Assistant],
) -> None:
    records = opened(5).records
    assert records.read_feedback("one")[1].note == "Good."
    assert [s.question for s in records.list_saved()] == [QUESTION]
    assert [c.id for c in records.list_cases()] == ["quay"]
    (run,) = records.list_runs()
    report = records.read_report(run.id)
    assert report is not None
    assert report["rows"][0]["case"]["id"] == "quay"


@pytest.mark.parametrize("crash", ["move.copy", "move.copied", "library.migration"])
def test_a_move_that_is_cut_off_is_done_once_and_brings_nothing_back(
    crash: str, home: Path
) -> None:
    old_home(home, 5)

    def cut_off(name: str) -> None:
        moving = (home / "people.db").exists()
        if name == crash and (moving or crash != "library.migration"):
            raise OSError(28, os.strerror(28))

    with faults.watching(cut_off), pytest.raises(Exception, match="space"):
        open_home(home).index.list_documents()
    if (home / "people.db").exists():
        people = People.open(home)
        assert people is not None
        people.delete_chat("two")  # by somebody whose Onrecord got that far
        people.close()
    assistant = open_home(home)
    deleted = crash != "move.copy"
    titles = [c.title for c in assistant.chats.find()]
    assert titles == (["The quay"] if deleted else ["Who is Emmanuel Macron?", "The quay"])
    assert len(assistant.chats.read("one")) == 2
    assert len(assistant.records.list_saved()) == len(assistant.records.list_runs()) == 1
    assistant.close()


def test_another_old_library_adds_to_what_is_there(home: Path) -> None:
    assistant = open_home(old_home(home, 4))
    assistant.chats.rename("one", "Mine")
    assistant.close()
    for left in home.glob("library.db*"):
        left.unlink()
    shutil.copy(LIBRARIES / "version5.db", home / "library.db")
    assistant = open_home(home)
    assert {c.title for c in assistant.chats.find()} == {"Mine", "Who is Emmanuel Macron?"}
    assert [len(assistant.chats.read(c)) for c in ("one", "two")] == [2, 1]
    assert [s.question for s in assistant.records.list_saved()] == [QUESTION]
    assistant.close()


@pytest.mark.parametrize("file", ["library.db", "people.db"])
def test_a_file_of_a_newer_onrecord_is_one_clear_line(file: str, home: Path) -> None:
    assistant = open_home(old_home(home, 5))
    assistant.chats.find()
    assistant.close()
    with closing(sqlite3.connect(home / file)) as database:
        database.execute("INSERT INTO migrations VALUES ('m999_later', '2030-01-01')")
        database.commit()
    with pytest.raises(IndexMismatch, match="newer Onrecord") as told:
        open_home(home).chats.find()
    assert "\n" not in str(told.value)


def test_a_library_without_statements_gets_them_without_reading_a_file(
    opened: Callable[[int], Assistant], tmp_path: Path
) -> None:
    assistant = opened(2)
    assert assistant.statements() == []
    folder = tmp_path / "kelvik"
    for document in assistant.index.list_documents():
        found = assistant.index.get_document(document.id)
        assert found is not None
        write(folder, document.id, found.text)
    assert assistant.sync(folder).embedded == 0
    assert {s.speaker for s in assistant.statements()} == {"the harbour master", "Anna Berg"}


def test_a_stored_answer_has_a_format_and_is_read_whoever_wrote_it(
    opened: Callable[[int], Assistant],
) -> None:
    answer = opened(5).chats.read("one")[0].answer
    written = write_answer(answer)
    assert written.startswith(f'{{"format":{FORMAT},')
    assert read_answer(written) == answer
    later = written.replace('{"format":2,', '{"format":9,"mood":"calm",').replace(
        '"number":1,', '"number":1,"colour":"blue",'
    )
    assert read_answer(later) == answer
    # What an earlier one did not write gets a default, what is of another kind is left out.
    earlier = '{"question": "Q?", "text": "T", "citations": [{"document_id": "a.txt", "start": 3},'
    earlier += ' "[1]"], "timings_ms": null, "status": "half-answered", "evidence": 7}'
    found = read_answer(earlier)
    assert (found.question, found.text, found.status) == ("Q?", "T", "abstained")
    assert [(c.document_id, c.start, c.end, c.source) for c in found.citations] == [
        ("a.txt", 3, 0, None)
    ]


@pytest.mark.parametrize(
    "damage", ['{"question": "Who?", "text": "cut o', '["Who?"]', "", "nonsense", '{"a": 1}']
)
def test_a_turn_that_cannot_be_read_is_shown_with_a_line_among_the_others(
    damage: str, opened: Callable[[int], Assistant], home: Path
) -> None:
    assistant = opened(5)
    assistant.chats.find()
    with closing(sqlite3.connect(home / "people.db")) as database:
        database.execute("UPDATE turns SET answer = ? WHERE number = 2", (damage,))
        database.commit()
    first, second = assistant.chats.read("one")
    assert first.answer.question == QUESTION
    assert second.answer.text == UNREADABLE
    assert second.answer.question == ("Who?" if damage.startswith('{"question') else "")
    assert [c.id for c in assistant.chats.find(holding="quay")] == ["one"]
