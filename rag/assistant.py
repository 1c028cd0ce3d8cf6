"""The walk from a question to a checked answer, and nothing else.

ask → stand-alone question → search → evidence 1…n → quotes engine, or language model → verify
"""

import copy
import logging
import math
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.attribute import attribute
from rag.backup import STAGING as RESTORING
from rag.backup import Backup, back_up, finish_restore, is_half_restored, restore
from rag.citations import Verified, verify
from rag.database import now
from rag.documents import count_files, fingerprint_folder, scan_folder
from rag.errors import (
    DamagedError,
    FolderError,
    IndexMissing,
    LanguageModelError,
    OnrecordError,
    SettingsError,
    StorageError,
)
from rag.evaluate import DEPTH, Case, Report, evaluate
from rag.folder import (
    REMOVED,
    Added,
    Removed,
    add_file,
    describe_file,
    list_removed,
    remove_file,
    restore_file,
)
from rag.ledger import find_speakers, is_named, rank_statements
from rag.library import Library
from rag.models import (
    Embedder,
    LanguageModel,
    Reranker,
    Stopped,
    open_cross_encoder,
    open_embedder,
    open_language_model,
    open_reranker,
)
from rag.models.language import check_offline, explain_unused_key, leaves_machine, show_host
from rag.passages import sentences
from rag.people import People
from rag.prompts import (
    NOT_IN_DOCUMENTS,
    Prompt,
    render,
    render_repair,
    render_standalone,
)
from rag.query import QUESTION_WORDS, find_names, leans_on_history, tell_spelling
from rag.quotes import (
    QUOTES,
    Quotes,
    answer_with_quotes,
    quote_statement,
    show_quote,
    show_speaker,
    stands_in,
    why_not,
)
from rag.rebuild import STAGING as REBUILDING
from rag.rebuild import rebuild_index, save_people
from rag.records import Records
from rag.retrieve import Retriever
from rag.settings import Settings, load_settings, refuse_settings_among
from rag.suggest import suggest_questions
from rag.sync import Progress, check_model, find_changes, sync_folder
from rag.types import (
    Answer,
    Changes,
    Chat,
    Citation,
    Described,
    Document,
    DocumentInfo,
    Evidence,
    Failure,
    Hit,
    Passage,
    Query,
    Scope,
    Statement,
    SyncReport,
    Turn,
)
from rag.vectors import VectorIndex, write_lock
from rag.words import content_words, fold, mend, number_forms, words
from rag.worker import Limits

NEAREST_SHOWN = 3
STATEMENTS_SEARCHED = 20
STATEMENTS_LISTED = 50
# A statement is about something if it holds this share of its words (or reads as an answer).
STATEMENT_SHARE = 0.5
# A repair needs about as long as the reply did; with less left it is not begun.
_MIN_REPAIR_SECONDS = 3.0
_MAX_STANDALONE = 400
# How long a sync that has begun waits for another process to end a write.
_LOCK_SECONDS = 600.0
# Questions before a follow-up that may still be leant on, and how many speakers are remembered.
HISTORY_TURNS = 6
_REMEMBERED = 512
_PERSON = re.compile(r"\b(?:he|him|his|she|her|they|them|their)\b", re.IGNORECASE)
Stage = Callable[[str], None]
_log = logging.getLogger(__name__)


class Assistant:
    """Answers questions over one library. Safe to share between threads.

    >>> Assistant.open().ask("who said Hezbollah was surprised?").text  # doctest: +SKIP
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        reranker: Reranker | None = None,
        language_model: LanguageModel | None = None,
    ) -> None:
        self.settings = settings
        offline = settings.offline
        self._embedder = embedder or open_embedder(settings.embedder, offline=offline)
        # Sentences are read by the cross-encoder, whatever reads the passages.
        cross = (
            open_cross_encoder(settings.cross_encoder, offline=offline)
            if settings.rerank != "off"
            else None
        )
        self._sentence_reader = cross
        self._reranker = reranker or open_reranker(settings.rerank, cross=cross)
        self._language_model = language_model and check_offline(language_model, settings)
        self._shared = _Shared()

    @classmethod
    def open(cls, settings: Settings | None = None, **overrides: Any) -> "Assistant":
        """An assistant over the index that `settings` name (the environment's, if not given).

        Raises:
            SettingsError: a setting is unknown or has a bad value.
        """
        if settings is None:
            settings = load_settings(**overrides)
        return cls(settings, language_model=open_language_model(settings))

    # --- asking ---

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        within: Scope | None = None,
        on_stage: Stage | None = None,
        on_draft: Stage | None = None,
        stop: threading.Event | None = None,
    ) -> Answer:
        """Answers `question`, asked after the user turns in `history` (oldest first).

        Only documents `within` are searched, if that is given.

        `on_stage` is told in a few words what is being done, `on_draft` the whole of a language
        model's unchecked text so far. Setting `stop` ends the model's reply; what of it is there is
        checked and kept. A language model that fails is worked around, never raised, and never
        takes longer than the setting `timeout`.

        Raises:
            IndexMissing: nothing has been synced yet.
            IndexMismatch: the index was made with another embedding model.
        """
        tell = on_stage or (lambda stage: None)
        timings: dict[str, float] = {}
        question, history = mend(question), [mend(h) for h in history]
        library, retriever = self._open_index()
        revision = library.revision
        talk = _Talk(self._language_model, self.settings.timeout, stop or threading.Event())
        with _timed(timings, "total"):
            if history:
                tell("Reading the question")
            with _timed(timings, "read"):
                query = replace(self._read(question, history, talk, within), within=within)
            tell("Searching the documents")
            with _timed(timings, "search"):
                hits = retriever.search(query, k=self.settings.evidence)
            evidence = tuple(
                Evidence(number, hit.passage, round(hit.score, 4), hit.copies)
                for number, hit in enumerate(hits, start=1)
            )
            documents = {
                id_: document
                for id_ in sorted({e.passage.document_id for e in evidence})
                if (document := library.get_document(id_)) is not None
            }
            # A sync between the search and here may have taken a document away.
            evidence = tuple(e for e in evidence if e.passage.document_id in documents)
            notice: str | None = None
            answer: Answer | None = None
            if talk.model is not None and evidence:
                tell(f"Asking {self.engine}")
                with _timed(timings, "model"):
                    try:
                        answer = self._ask_model(
                            talk, question, query, evidence, documents, tell, on_draft
                        )
                    except LanguageModelError as error:
                        _log.warning("the language model %s", error)  # not the server's own words
                        end = "" if str(error).endswith("?") else "."
                        notice = f"The language model {error}{end} These are quotes instead."
                    except Stopped:
                        notice = "Stopped. These are quotes instead."
            if answer is None:
                tell("Reading the nearest passages")
                with _timed(timings, "quotes"):
                    answer = self._attribute(
                        question, query, hits, evidence, documents, notice
                    ) or self._quote(question, query, evidence, documents, notice)
        spelling = tell_spelling(query, retriever.vocabulary())
        told = " ".join(filter(None, (answer.notice, spelling))) or None
        answer = replace(
            answer,
            notice=told,
            query=query,
            within=within,
            sent_to=talk.sent_to,
            timings_ms=dict(timings),
        )
        self._remember_speaker(answer, revision)
        _log.info(
            "asked: %s by %s in %.0f ms, %d citations of %d passages",
            answer.status, answer.engine, timings["total"], len(answer.citations), len(evidence),
        )  # fmt: skip
        return answer

    def worded_by(self, model: LanguageModel | None, **changed: Any) -> "Assistant":
        """This assistant over the same index with another language model (None: quotes).

        `changed` are other values of its settings: `evidence`, `timeout`.
        """
        other = copy.copy(self)
        other.settings = replace(self.settings, **changed)
        other._language_model = model and check_offline(model, other.settings)
        return other

    def read(self, question: str, *, history: Sequence[str] = ()) -> Query:
        """How `question` is read before it is searched.

        Raises:
            IndexMissing, IndexMismatch: as for `ask`.
        """
        _, retriever = self._open_index()
        return retriever.read(mend(question), history=[mend(h) for h in history])

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        history: Sequence[str] = (),
        within: Scope | None = None,
    ) -> list[Hit]:
        """The `k` best passages for `question`, best first.

        Raises:
            IndexMissing, IndexMismatch: as for `ask`.
        """
        _, retriever = self._open_index()
        query = replace(self.read(question, history=history), within=within)
        return retriever.search(query, k=k)

    def statements(
        self, *, speaker: str = "", about: str = "", document: str | None = None
    ) -> list[Statement]:
        """Who said what: of a speaker (by name, surname or role), about something, in a document.

        By document and place; with `about` those whose words hold it, best first.

        Raises:
            IndexMissing, IndexMismatch: as for `ask`.
        """
        library, retriever = self._open_index()
        speaker, about = mend(speaker), mend(about)
        names: list[str] = []
        if speaker:
            query = retriever.read(speaker)
            near = self._speakers_like(query.text, query)
            names = find_speakers(query.text, near, variants=dict(query.variants))
        if document is not None:
            found = library.statements_of(document)
        elif about and not speaker:
            query = retriever.read(about)
            hits = retriever.search(query, k=self.settings.evidence)
            found = retriever.find_statements(query.terms, hits, k=STATEMENTS_LISTED)
        elif speaker:
            found = library.statements_by(names)
        else:
            found = library.all_statements()
        if speaker:
            found = [s for s in found if s.speaker in names]
        if about:
            query = retriever.read(about)
            ranked = rank_statements(
                query.text,
                found,
                terms=query.terms,
                rarity=self._rarity(query),
                phrases=query.phrases,
                reranker=self._sentence_reader,
            )
            found = [s.statement for s in ranked if s.covered >= STATEMENT_SHARE or s.score >= 0.5]
        return found

    def evaluate(
        self,
        cases: Sequence[Case],
        *,
        name: str = "",
        progress: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Report:
        """Asks every case and scores the answers; `records.put_run` keeps the report.

        Raises:
            IndexMissing, IndexMismatch
        """

        def ask(case: Case) -> tuple[Answer, Sequence[Hit]]:
            hits = self.search(case.question, k=DEPTH, history=case.history)
            return self.ask(case.question, history=case.history), hits

        return evaluate(
            cases,
            ask=ask,
            get_document=self.get_document,
            progress=progress,
            settings={
                "engine": self.engine,
                "questions": name,
                "evidence": str(self.settings.evidence),
                "rerank": self.settings.rerank,
                "temperature": str(self.settings.temperature),
                "documents": str(self._open_index()[0].count_documents()),
            },
            stop=stop,
        )

    # --- chats ---

    def list_chats(self, *, holding: str = "") -> list[Chat]:
        """Every chat kept whose title, questions or answers hold some words; last asked first."""
        people = self._find_people()
        return people.list_chats(holding=holding) if people else []

    def get_chat(self, chat_id: str) -> Chat | None:
        """A chat as listed, or None."""
        if chat_id in self._shared.unkept:
            return None
        people = self._find_people()
        return people.get_chat(chat_id) if people else None

    def read_chat(self, chat_id: str) -> list[Turn]:
        """The turns of a chat in order; none if there is no such chat."""
        if chat_id in self._shared.unkept:
            return list(self._shared.unkept[chat_id])
        people = self._find_people()
        return people.read_chat(chat_id) if people else []

    def keep(self, chat_id: str, answer: Answer) -> Turn:
        """Adds an answer to a chat (a new one, if there is none of this id).

        The text of every document that it cites is kept as it is now, so that its citations can
        be opened whatever becomes of the documents. Where what people made is damaged, the turn is
        remembered until this process ends, so that it can be read at least.

        Raises:
            StorageError
        """
        cited: dict[str, Document] = {}
        with suppress(OnrecordError):  # the index may be damaged: the answer is kept all the same
            library = self._find_library()
            for c in answer.citations if library else ():
                assert library is not None
                document = library.get_document(c.document_id)
                if document is not None and document.version == c.version:  # no sync since
                    cited[c.version] = document
        try:
            return self._people().keep_turn(chat_id, answer, cited=cited.values())
        except DamagedError as error:
            _log.warning("a turn is not kept: %s", error)
            turns = self._shared.unkept.setdefault(chat_id, [])
            turns.append(Turn(len(turns) + 1, answer, now()))
            return turns[-1]

    def rename_chat(self, chat_id: str, title: str) -> None:
        self._people().rename_chat(chat_id, title)

    def delete_chat(self, chat_id: str) -> None:
        """Deletes a chat, and the texts that only it cited."""
        self._people().delete_chat(chat_id)

    def open_citation(self, citation: Citation) -> tuple[Document | None, bool]:
        """The document as it was cited, and whether it still is like that."""
        document: Document | None = None
        with suppress(StorageError):
            library = self._find_library()
            document = library.get_document(citation.document_id) if library else None
        if document is not None and document.version == citation.version:
            return document, True
        people = self._find_people()
        return (people.get_version(citation.version) if people else None) or document, False

    @property
    def records(self) -> Records:
        """Feedback, saved questions, test cases and evaluation runs.

        Raises:
            StorageError
        """
        return Records(self._people(), revision=self._revision)

    # --- the index ---

    def sync(self, folder: Path | None = None, *, progress: Progress | None = None) -> SyncReport:
        """Brings the index in line with `folder` (`documents_folder`, if not given).

        Raises:
            FolderError, IndexBusy, IndexMismatch, StorageError
        """
        folder = folder or self.documents_folder
        refuse_settings_among(folder, self.settings)
        with self._writing():
            library, vectors = self._open_library(create=True)
        report = sync_folder(
            folder,
            library=library,
            vectors=vectors,
            embedder=self._embedder,
            progress=progress,
            limits=self._limits,
            lock=lambda: write_lock(self.settings.home, patience=_LOCK_SECONDS),
        )
        self._remember_folder(folder)
        names = ("added", "changed", "removed", "renamed", "unchanged", "failed")
        _log.info("synced: %s", ", ".join(f"{len(getattr(report, n))} {n}" for n in names))
        return report

    @property
    def _limits(self) -> Limits:
        return Limits(self.settings.file_seconds, self.settings.file_memory)

    def find_changes(self) -> Changes:
        """How the documents folder differs from what was synced; reads files, changes nothing.

        Raises:
            FolderError: the folder cannot be read.
        """
        library = self._find_library()
        if library is None:
            return find_changes(scan_folder(self.documents_folder), None)
        folder = self.documents_folder
        state = (str(folder), library.revision, fingerprint_folder(folder))
        shared = self._shared
        if shared.changes is None or shared.changes[0] != state:
            shared.changes = (state, find_changes(scan_folder(folder), library))
        return shared.changes[1]

    def count_files(self) -> int:
        """How many files of the documents folder a sync would read; reads none of them.

        Raises:
            FolderError: the folder cannot be read.
        """
        return count_files(self.documents_folder)

    def add_file(self, name: str, data: bytes, *, replace: bool = False) -> Added:
        """Writes a file into the documents folder; the next sync reads it.

        Raises:
            DocumentError: it is no document that can be read.
            FolderError: the folder cannot be written.
        """
        library = self._find_library()
        prints = library.fingerprints() if library else {}
        here = {
            f.sha256: id_ for id_, f in prints.items() if (self.documents_folder / id_).exists()
        }
        return add_file(
            self.documents_folder, name, data, known=here, replace=replace, limits=self._limits
        )

    def describe(self, document_id: str, said: Described) -> None:
        """Says a document's title, outlet and date in `metadata.jsonl`; the next sync reads it.

        Raises:
            DocumentError: the date is none.
            FolderError: the folder cannot be written.
        """
        describe_file(self.documents_folder, document_id, said)

    def remove(self, document_id: str) -> Removed:
        """Takes a document's file out of the folder; `restore` puts it back.

        Raises:
            DocumentError: it is a line of a file, or gone.
            FolderError: the folder cannot be changed.
        """
        return remove_file(self.documents_folder, document_id, trash=self.settings.home / REMOVED)

    def restore(self, removed: Removed) -> str:
        """Puts a removed file back into its folder; its name there.

        Raises:
            DocumentError, FolderError
        """
        return restore_file(removed, trash=self.settings.home / REMOVED)

    def list_removed(self) -> list[Removed]:
        """The removed files that can be put back, the last one first."""
        return list_removed(self.settings.home / REMOVED)

    def list_failures(self) -> list[Failure]:
        """The files that the last sync could not read, each with the remedy."""
        library = self._find_library()
        found = library.list_failures() if library else {}
        return [Failure(id_, reason) for id_, (reason, _) in found.items()]

    def rebuild(self, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the vectors anew from the library, embedding nothing; how many there are.

        Raises:
            IndexMissing, IndexBusy, IndexMismatch, StorageError
        """
        self._open_index()
        with self._writing():
            library, vectors = self._open_library(create=False)
            check_model(library, self._embedder)
            library.prune_embeddings(self._embedder.name)
            generation = vectors.apply(model=self._embedder.name, fresh=True, progress=progress)
        return generation.alive

    def rebuild_all(
        self, folder: Path | None = None, *, progress: Progress | None = None
    ) -> SyncReport:
        """Makes the whole index anew from the documents, whatever became of the old one.

        It is asked meanwhile, and takes its place when the new one is complete. What people made
        stays. `folder` is that synced last, if not given.

        Raises:
            FolderError: it is not known which folder, or it cannot be read.
            IndexBusy, StorageError
        """
        home = self.settings.home
        known = folder or self._known_folder()
        if known is None:
            raise FolderError(
                f"{home} does not tell any more which folder its documents came from. Name it: "
                "onrecord rebuild --all --documents DIR"
            )
        with self._writing():
            report = rebuild_index(
                home, known, embedder=self._embedder, progress=progress, limits=self._limits
            )
        self._remember_folder(known)
        return report

    def back_up(self, archive: Path) -> Backup:
        """Writes one archive of everything in the home but what can be made from it.

        Consistent while others ask and sync.

        Raises:
            BackupError, StorageError
        """
        with suppress(StorageError):
            self._find_library()  # moves what people made out of an older one
        return back_up(self.settings.home, archive)

    def restore_backup(self, archive: Path) -> Backup:
        """Puts an archive of `back_up` into a home in which nobody has made anything.

        Raises:
            BackupError: it is none of ours, is damaged, or what people made here would be lost.
            IndexBusy, StorageError
        """
        with self._writing():
            found = restore(self.settings.home, archive)
        self._shared.close()
        self._shared.unkept.clear()
        return found

    def status(self, *, check: bool = False) -> dict[str, Any]:
        """What is indexed and which engine answers; never raises for a missing or damaged file.

        With `check` both databases are read from end to end, which takes a while: "library" and
        "people" are then "ok" or what is wrong with them.
        """
        settings = self.settings
        state: dict[str, Any] = {
            "home": str(settings.home),
            "documents_folder": str(self.documents_folder),
            "settings_from": ", ".join(settings.places) or "defaults",
            "provider": settings.provider,
            "offline": settings.offline,
            "engine": self.engine,
            "leaves_machine": self.leaves_machine,
            "embedding_model": self._embedder.name,
            "synced": False,
            "documents": 0,
            "passages": 0,
            "statements": 0,
            "vectors": "none",
            "library": "none",
            "people": "none",
        }
        try:
            library, vectors = self._find_library(), self._shared.vectors
            if library is not None and vectors is not None:
                model = library.get_meta("model") or self._embedder.name
                state |= {
                    "synced": library.revision > 0,
                    "documents": library.count_documents(),
                    "passages": library.count_passages(),
                    "statements": library.count_statements(),
                    "embedding_model": model,
                    "vectors": vectors.state(model=model),
                    "library": library.database.check() if check else "ok",
                }
        except StorageError as error:
            state["library"] = str(error)
        try:
            people = self._find_people()
            if people is not None:
                people.list_chats()
                state["people"] = people.database.check() if check else "ok"
        except StorageError as error:
            state["people"] = str(error)
        return state

    @property
    def documents_folder(self) -> Path:
        """The folder that the settings name; else the one synced last, else the default.

        So that a plain sync never swaps someone's own documents for the seeds.
        """
        return self._known_folder() or Settings().documents

    def _known_folder(self) -> Path | None:
        if self.settings.documents != Settings().documents:
            return self.settings.documents
        synced: str | None = None
        with suppress(StorageError):
            library = self._find_library()
            synced = library.get_meta("folder") if library else None
        if synced is None:
            with suppress(StorageError):
                people = self._find_people()
                synced = people.get_folder() if people else None
        return Path(synced) if synced else None

    def _remember_folder(self, folder: Path) -> None:
        """Where the documents are, beside what people made: the index may be damaged some day."""
        try:
            self._people().set_folder(str(folder.resolve()))
        except OnrecordError as error:
            _log.warning("the documents folder is not remembered: %s", error)

    @property
    def engine(self) -> str:
        """The engine that answers: the language model's name, or "quotes"."""
        if self._language_model is None:
            return QUOTES
        return self._language_model.name or "the language model"

    @property
    def address(self) -> str:
        """Where what is asked is sent; "" without a language model."""
        return "" if self._language_model is None else self._language_model.address

    @property
    def leaves_machine(self) -> bool:
        """Whether what is asked is sent to another machine."""
        return self._language_model is not None and leaves_machine(self._language_model.address)

    @property
    def unused_key(self) -> str:
        """A line on a key that was found and is not used, and how to use it; else ""."""
        return "" if self.leaves_machine else explain_unused_key(self.settings)

    def list_documents(self) -> list[DocumentInfo]:
        """Every document without its text; empty before the first sync."""
        library = self._find_library()
        return library.list_documents() if library else []

    def count_documents(self) -> int:
        library = self._find_library()
        return library.count_documents() if library else 0

    def suggest_questions(self, k: int) -> list[str]:
        """`k` questions to start from, of the documents as they are.

        Raises:
            IndexMissing, IndexMismatch
        """
        library, _ = self._open_index()
        state = (library.revision, k)
        shared = self._shared
        if shared.suggested is None or shared.suggested[0] != state:
            documents = library.list_documents()
            added = sorted((d.added or "", d.id) for d in documents)
            # One that came later than the first ones, by a minute at least.
            later = added and added[-1][0][:16] > added[0][0][:16]
            newest = library.get_document(added[-1][1]) if later else None
            found = suggest_questions(
                self.documents_folder,
                speakers=library.list_speakers(),
                documents=documents,
                newest=library.statements_of(newest.id) if newest else (),
                k=k,
            )
            shared.suggested = (state, found)
        return shared.suggested[1]

    def get_document(self, document_id: str) -> Document | None:
        """One whole document, or None."""
        library, _ = self._open_index()
        return library.get_document(document_id)

    def as_retriever(self, *, k: int = 10) -> Any:
        """A LlamaIndex `BaseRetriever` over this index, to plug into any LlamaIndex engine."""
        from llama_index.core.base.base_retriever import BaseRetriever
        from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

        assistant = self

        class OnrecordRetriever(BaseRetriever):
            def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
                return [
                    NodeWithScore(
                        node=TextNode(
                            id_=hit.passage.id,
                            text=hit.passage.text,
                            metadata={"document": hit.passage.document_id},
                            start_char_idx=hit.passage.start,
                            end_char_idx=hit.passage.end,
                        ),
                        score=hit.score,
                    )
                    for hit in assistant.search(query_bundle.query_str, k=k)
                ]

        return OnrecordRetriever()

    def warm(self) -> None:
        """Loads what the first question needs; does nothing where there is no index yet."""
        with suppress(OnrecordError):
            self.search("who said what", k=1)

    def close(self) -> None:
        """Lets go of the index files."""
        self._shared.close()

    # --- steps ---

    def _attribute(
        self,
        question: str,
        query: Query,
        hits: Sequence[Hit],
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        notice: str | None,
    ) -> Answer | None:
        """The answer of the statement ledger; None where the question or the ledger has none."""
        library, retriever = self._open_index()
        outlets = self._outlets()
        if not (query.said_by or query.who_said or query.wants_name or query.every_document):
            return None
        reason = why_not(query, evidence, documents=documents, outlets=outlets)
        if reason and (not query.said_by or not query.claim):
            return None
        terms = [w for w in content_words(query.claim) if w not in QUESTION_WORDS]
        if query.every_document:  # all sides are wanted, not the nearest passages
            hits = retriever.search(query, k=2 * self.settings.evidence)
        inside = None if query.within is None else library.documents_in(query.within)

        def said_by(speakers: Sequence[str]) -> list[Statement]:
            made = library.statements_by(speakers)
            return [s for s in made if inside is None or s.document_id in inside]

        found = attribute(
            query,
            candidates=retriever.find_statements(
                terms or query.terms,
                hits,
                phrases=query.phrases,
                k=STATEMENTS_SEARCHED,
                within=query.within,
            ),
            statements_by=said_by,
            speakers=lambda who: self._speakers_like(who, query),
            rarity=self._rarity(query),
            sentences=[
                e.passage.text[start:end]
                for e in evidence
                for start, end in sentences(e.passage.text)
            ],
            outlets=frozenset(fold(s).removeprefix("the ") for s in library.list_sources()),
            reranker=self._sentence_reader,
            topic_reranker=self._reranker,
            declined=reason,
        )
        if found is None:
            return None
        shown, extended, citations = self._cite(found.statements, evidence)
        paragraphs = [
            f"{show_speaker(s)}: {show_quote(c)} [{c.number}]"
            for s, c in zip(shown, citations, strict=True)
        ]
        declined = found.reason is not None
        return Answer(
            question=question,
            text="The documents do not answer this."
            if declined
            else "\n\n".join([*paragraphs, *filter(None, [found.note])]),
            status="abstained" if declined else "answered",
            reason=found.reason,
            notice=notice,
            engine=QUOTES,
            searched=query.text,
            citations=() if declined else citations,
            evidence=extended,
            statements=shown,
            note=None if declined else found.note,
        )

    def _cite(
        self, statements: Sequence[Statement], evidence: Sequence[Evidence]
    ) -> tuple[tuple[Statement, ...], tuple[Evidence, ...], tuple[Citation, ...]]:
        """The statements that still stand, the evidence with theirs, and a citation each.

        A statement outside the evidence brings its own passage along.
        """
        library, _ = self._open_index()
        shown: list[Statement] = []
        citations: list[Citation] = []
        extended = list(evidence)
        documents = {
            id_: library.get_document(id_) for id_ in sorted({s.document_id for s in statements})
        }
        for statement in statements:
            document = documents[statement.document_id]
            if document is None or not stands_in(document.text, statement):
                continue  # a sync took it away since it was found
            start, end = quote_statement(document.text, statement)
            if any(c.document_id == document.id and (c.start, c.end) == (start, end)
                   for c in citations):  # fmt: skip
                continue
            holder = next(
                (e for e in extended if e.passage.document_id == document.id
                 and e.passage.start <= statement.start < e.passage.end), None
            )  # fmt: skip
            if holder is None:
                passage = Passage(document.id, start, end, document.text[start:end])
                holder = Evidence(len(extended) + 1, passage)
                extended.append(holder)
            shown.append(statement)
            citations.append(Citation.of(document, start, end, number=holder.number))
        return tuple(shown), tuple(extended), tuple(citations)

    def _quote(
        self,
        question: str,
        query: Query,
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        notice: str | None,
    ) -> Answer:
        quotes = answer_with_quotes(
            query,
            evidence,
            documents=documents,
            rarity=self._rarity(query),
            outlets=self._outlets(),
            reranker=self._sentence_reader,
        )
        if quotes.citations and not _names_speaker(query, quotes.citations):
            reason = f"The documents do not report {query.said_by[0]} saying anything about this."
            quotes = Quotes("", (), reason)
        return Answer(
            question=question,
            text=quotes.text or "The documents do not answer this.",
            status="abstained" if quotes.reason else "answered",
            reason=quotes.reason,
            notice=notice,
            engine=QUOTES,
            searched=query.text,
            citations=quotes.citations,
            evidence=tuple(evidence),
        )

    def _ask_model(
        self,
        talk: "_Talk",
        question: str,
        query: Query,
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        tell: Stage,
        on_draft: Stage | None,
    ) -> Answer:
        """The model's answer, checked, and asked for once more where something of it fails.

        Raises:
            LanguageModelError: it failed, or nothing of what it wrote stands.
            Stopped: the reader stopped it before it had said anything that stands.
        """
        library, _ = self._open_index()
        spans = [(p.document_id, p.start, p.end) for p in (e.passage for e in evidence)]
        found = (s for span in spans for s in library.statements_within(*span))
        statements = list(dict.fromkeys(found))

        def check(text: str, seen: Sequence[Evidence]) -> Verified:
            return verify(text, seen, documents=documents, statements=statements)

        prompt, text, stopped = self._draft(
            talk, query.text, evidence, documents, statements, on_draft
        )
        tell("Checking every sentence")
        checked = check(text, prompt.evidence)
        declined = NOT_IN_DOCUMENTS in text.upper() and not checked.citations
        if checked.failed and not declined and not stopped and talk.left > _MIN_REPAIR_SECONDS:
            tell(f"Asking {self.engine} to mend {_count(len(checked.failed), 'sentence')}")
            try:
                mended = talk.hear(render_repair(prompt, text, checked.failed), on_draft)
            except (LanguageModelError, Stopped):
                mended = ""
            tell("Checking every sentence")
            again = check(mended, prompt.evidence) if mended else checked
            if _standing(again) > _standing(checked) or (
                again.citations and len(again.failed) < len(checked.failed)
            ):
                checked = again
        if stopped and not checked.citations:
            raise Stopped
        if not declined and not checked.citations:
            raise LanguageModelError(
                "wrote nothing that its passages bear out"
                if checked.rejected
                else "cited no passage for what it wrote"
            )
        notices = []
        if stopped:
            notices.append("Stopped: this is what had been written, checked.")
        if len(prompt.evidence) < len(evidence):
            notices.append(
                f"Only {len(prompt.evidence)} of {len(evidence)} passages have room in the "
                "language model's context."
            )
        return Answer(
            question=question,
            text="The documents do not answer this." if declined else checked.text,
            status="abstained" if declined else "answered",
            reason=(
                why_not(query, evidence, documents=documents, outlets=self._outlets())
                or "The language model found no answer in the nearest passages."
            )
            if declined
            else None,
            notice=" ".join(notices) or None,
            engine=self.engine,
            searched=query.text,
            citations=() if declined else checked.citations,
            rejected=() if declined else checked.rejected,
            sentences=() if declined else checked.sentences,
            evidence=prompt.evidence,
            statements=() if declined else _cited_statements(checked.citations, statements),
        )

    def _draft(
        self,
        talk: "_Talk",
        question: str,
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        statements: Sequence[Statement],
        on_draft: Stage | None,
    ) -> tuple[Prompt, str, bool]:
        """What the model was shown, what it wrote, and whether the reader stopped it.

        A model that says its context is too small is asked again with half of the passages.
        """
        assert talk.model is not None
        context = talk.model.context
        heard: list[str] = []
        for last in (False, True):
            prompt = render(
                question, evidence, documents=documents, statements=statements, context=context
            )
            if not prompt.evidence:
                raise LanguageModelError(
                    f"has too small a context for a single passage ({context} tokens)"
                )
            heard.clear()
            try:
                text = talk.hear(prompt.messages, on_draft, heard)
            except Stopped:
                return prompt, "".join(heard).strip(), True
            except LanguageModelError as error:
                if last or not error.overflow or len(prompt.evidence) < 2:
                    raise
                evidence = evidence[: len(prompt.evidence) // 2]
                continue
            if not text:
                raise LanguageModelError("sent an empty reply")
            return prompt, text, False
        raise AssertionError("unreachable")

    def _read(
        self, question: str, history: Sequence[str], talk: "_Talk", within: Scope | None
    ) -> Query:
        """`question` made stand-alone: by the model where there is one, else by rules."""
        _, retriever = self._open_index()
        if not history or not leans_on_history(question, vocabulary=retriever.vocabulary()):
            return retriever.read(question)
        if talk.model is not None:
            with suppress(LanguageModelError, Stopped):
                rewritten = talk.hear(render_standalone(question, history)).strip().strip('"“”')
                if _is_faithful(rewritten, question, history):
                    return retriever.read(rewritten)
        return self._read_by_rules(question, history[-HISTORY_TURNS:], within)

    def _read_by_rules(self, question: str, history: Sequence[str], within: Scope | None) -> Query:
        """`question` with what it leans on of the question before, which is read so as well."""
        _, retriever = self._open_index()
        if not history or not leans_on_history(question, vocabulary=retriever.vocabulary()):
            return retriever.read(question)
        before = self._read_by_rules(history[-1], history[:-1], within)
        speaker = self._speaker_of(before, within) if _PERSON.search(question) else ""
        return retriever.read(question, history=[f"Who? ({speaker})" if speaker else before.text])

    def _speaker_of(self, before: Query, within: Scope | None) -> str:
        """Whom "he" stands for after "Who said …?": the first named speaker that question found."""
        if not before.who_said or before.said_by:
            return ""
        library, _ = self._open_index()
        key = (library.revision, within, before.text)
        if key not in self._shared.spoke:
            self.worded_by(None).ask(before.text, within=within)
        return self._shared.spoke.get(key, "")

    def _remember_speaker(self, answer: Answer, revision: int) -> None:
        """Keeps whom "he" will stand for, so that a follow-up need not ask all of it again."""
        if answer.engine != QUOTES or answer.query is None:
            return
        speakers = [s.speaker for s in answer.statements if answer.status == "answered"]
        found = speakers[0] if speakers and self._is_name(speakers[0]) else ""
        for old in list(self._shared.spoke)[: -_REMEMBERED or None]:
            self._shared.spoke.pop(old, None)
        self._shared.spoke[revision, answer.within, answer.query.text] = found

    def _is_name(self, speaker: str) -> bool:
        """Whether a speaker has a name ("Reuters"), not only a description ("Informed sources")."""
        vocabulary = self._open_index()[1].vocabulary()
        return any(
            vocabulary.written(fold(w))[:1].isupper() for w in speaker.split() if w.istitle()
        )

    def _speakers_like(self, who: str, query: Query) -> list[tuple[str, str | None, int]]:
        """The speakers that `who` may mean; in a large library all are too many to compare."""
        library, _ = self._open_index()
        words = content_words(who)
        words += [v for w, v in query.variants if w in words]
        # An accent that was not typed finds nobody: then everybody is compared.
        return library.list_speakers(words) or library.list_speakers()

    def _rarity(self, query: Query) -> dict[str, float]:
        """Inverse document frequency of each query term over passages' documents."""
        library, retriever = self._open_index()
        vocabulary = retriever.vocabulary()
        total = max(library.count_documents(), 1)
        return {t: math.log(1 + total / max(vocabulary.count(t), 1)) for t in query.terms}

    def _outlets(self) -> frozenset[str]:
        """The folded words of the outlets' names."""
        library, _ = self._open_index()
        return frozenset(w for s in library.list_sources() for w in content_words(s))

    def _open_index(self) -> tuple[Library, Retriever]:
        library, vectors = self._open_library(create=False)
        if library.revision == 0:
            raise IndexMissing(_no_index(self.settings))
        check_model(library, self._embedder)
        shared = self._shared
        with shared.lock:
            if shared.retriever is None:
                shared.retriever = Retriever(
                    library,
                    vectors,
                    self._embedder,
                    self._reranker,
                    rerank_depth=self.settings.rerank_depth,
                )
            return library, shared.retriever

    def _open_library(self, *, create: bool) -> tuple[Library, VectorIndex]:
        library = self._find_library(create=create)
        vectors = self._shared.vectors
        if library is None or vectors is None:
            raise IndexMissing(_no_index(self.settings))
        return library, vectors

    def _find_library(self, *, create: bool = False) -> Library | None:
        shared = self._shared
        if shared.library is None:
            with shared.lock:
                if shared.library is None:
                    self._finish_restore()
                    library = Library.open(self.settings.home, create=create)
                    if library is None:
                        return None
                    if synced := library.get_meta("folder"):
                        try:
                            refuse_settings_among(Path(synced), self.settings)
                        except SettingsError:
                            library.close()
                            raise
                    shared.vectors = VectorIndex(self.settings.home, library)
                    shared.library = library
        return shared.library

    def _find_people(self, *, create: bool = False) -> People | None:
        shared = self._shared
        if shared.people is None:
            with shared.lock:
                if shared.people is None:
                    try:
                        self._find_library()  # moves what people made out of an older one
                    except DamagedError as error:
                        _log.warning("the index cannot be opened: %s", error)
                        save_people(self.settings.home)
                    shared.people = People.open(self.settings.home, create=create)
        return shared.people

    def _people(self) -> People:
        people = self._find_people(create=True)
        assert people is not None
        return people

    def _revision(self) -> int:
        library = self._find_library()
        return library.revision if library else 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The right to change the index, after what this process builds in the background."""
        if self._shared.vectors is not None:
            self._shared.vectors.wait()
        with write_lock(self.settings.home):
            # What a crash left; whoever makes such a folder holds the lock.
            shutil.rmtree(self.settings.home / REBUILDING, ignore_errors=True)
            if not is_half_restored(self.settings.home):
                shutil.rmtree(self.settings.home / RESTORING, ignore_errors=True)
            yield

    def _finish_restore(self) -> None:
        """Completes a restore that was cut off after all of the archive had been read."""
        if is_half_restored(self.settings.home):
            with write_lock(self.settings.home):
                if is_half_restored(self.settings.home):
                    finish_restore(self.settings.home)


@dataclass(slots=True)
class _Shared:
    """What an assistant and those worded by other models have in common, opened once."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    library: Library | None = None
    people: People | None = None
    vectors: VectorIndex | None = None
    retriever: Retriever | None = None
    changes: tuple[object, Changes] | None = None
    suggested: tuple[object, list[str]] | None = None
    # {(revision, scope, stand-alone question): the named speaker it found, or ""}
    spoke: dict[tuple[int, Scope | None, str], str] = field(default_factory=dict)
    unkept: dict[str, list[Turn]] = field(default_factory=dict)

    def close(self) -> None:
        if self.vectors is not None:
            self.vectors.wait()
            self.vectors.close()
        for opened in (self.library, self.people):
            if opened is not None:
                opened.close()
        self.library = self.people = self.vectors = self.retriever = None


class _Talk:
    """The time that one question may spend with a language model, over all its calls."""

    def __init__(self, model: LanguageModel | None, seconds: float, stop: threading.Event) -> None:
        self.model = model
        self._stop = stop
        self.left = seconds
        self.sent_to = ""

    def hear(
        self,
        messages: Sequence[dict[str, str]],
        on_draft: Stage | None = None,
        heard: list[str] | None = None,
    ) -> str:
        """The whole reply; `heard` keeps what of it came, whatever happens.

        Raises:
            LanguageModelError, Stopped
        """
        assert self.model is not None
        if self.left <= 0:
            raise LanguageModelError("did not reply in time")
        pieces = heard if heard is not None else []
        started = time.monotonic()
        sent = leaves_machine(self.model.address)
        try:
            for piece in self.model.reply(messages, seconds=self.left, stop=self._stop):
                pieces.append(piece)
                if on_draft is not None:
                    on_draft("".join(pieces))
        except LanguageModelError as error:
            sent = sent and not error.unsent
            raise
        finally:
            if sent:
                self.sent_to = show_host(self.model.address)
            self.left -= time.monotonic() - started
        return "".join(pieces).strip()


def _standing(checked: Verified) -> int:
    return sum(1 for s in checked.sentences if s.status == "supported")


def _cited_statements(
    citations: Sequence[Citation], statements: Sequence[Statement]
) -> tuple[Statement, ...]:
    """Who said what in the words that are cited, in the order of the citations."""
    found = [
        s
        for c in citations
        for s in statements
        if s.document_id == c.document_id
        and any(start < c.end and c.start < end for start, end in s.content_spans)
    ]
    return tuple(dict.fromkeys(found))


def _is_faithful(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """Whether a stand-alone question names nobody whom the conversation does not."""
    if not 3 <= len(rewritten) <= _MAX_STANDALONE or "\n" in rewritten:
        return False
    known = set(words(" ".join([question, *history])))
    asked = set(content_words(question))
    named = {w for name in find_names(rewritten) for w in words(name)}
    return named <= known and bool(asked & set(words(rewritten)) or not asked)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _names_speaker(query: Query, citations: Sequence[Citation]) -> bool:
    """Whether the quotes hold the name of whoever is asked for ("What did Ross say …?")."""
    if not query.said_by or not is_named(query.said_by[0]):
        return True
    last = content_words(query.said_by[0])[-1:]
    spellings = {*last, *(v for w, v in query.variants if w in last)}
    held = {w for c in citations for w in words(f"{c.quote} {c.title} {c.source or ''}")}
    return not spellings or any(form in held for s in spellings for form in number_forms(s))


def _no_index(settings: Settings) -> str:
    return f"No index yet in {settings.home}. Run: onrecord sync {settings.documents}"


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = round((time.perf_counter() - started) * 1000, 1)
