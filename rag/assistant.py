"""The assistant: an index, its folder, what people made and a question's walk. Wiring only."""

import copy
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.answer.listing import list_statements
from rag.answer.quotes import QUOTES
from rag.answer.talk import Stage, name_engine
from rag.cases import Case
from rag.documents.home_folder import HomeFolder
from rag.documents.sync import Progress
from rag.draft.report import Report as CheckedDraft
from rag.evaluate import DEPTH, Report, evaluate
from rag.index import Index
from rag.language.words import mend
from rag.library.chats import Chats
from rag.library.chroma import CHROMA
from rag.library.home import Home
from rag.library.records import Records
from rag.library.store import StoreKind
from rag.models import Embedder, LanguageModel, Reranker, open_language_model
from rag.models.http import leaves_machine
from rag.models.opened import open_search_models
from rag.models.providers import explain_unused_key
from rag.settings import Settings, load_settings
from rag.types import Answer, Hit, Query, Scope, Statement, SyncReport
from rag.walk import Walk


class Assistant:
    """Answers questions over one library. Safe to share between threads.

    `index` is what is known of the documents, `folder` the files they come from, `chats` and
    `records` what people made of answers.

    >>> Assistant.open().ask("who said Hezbollah was surprised?").text  # doctest: +SKIP
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        reranker: Reranker | None = None,
        language_model: LanguageModel | None = None,
        store: StoreKind | None = None,
    ) -> None:
        models = open_search_models(settings, embedder=embedder, reranker=reranker)
        self._home = Home(settings, store=store or CHROMA)
        self.index = Index(self._home, models.embedder, models.reranker)
        self.folder = HomeFolder(self._home)
        self.chats = Chats(self._home)
        self._walk = Walk(self.index, settings, None, models).worded_by(language_model)

    @classmethod
    def open(cls, settings: Settings | None = None, **overrides: Any) -> "Assistant":
        """An assistant over the index that `settings` name (the environment's, if not given).

        Raises:
            SettingsError: a setting is unknown or has a bad value.
        """
        settings = settings or load_settings(**overrides)
        return cls(settings, language_model=open_language_model(settings))

    def worded_by(self, model: LanguageModel | None, **changed: Any) -> "Assistant":
        """This assistant over the same index with another language model (None: quotes).

        `changed` are other values of its settings: `evidence`, `timeout`.
        """
        other = copy.copy(self)
        other._walk = self._walk.worded_by(model, **changed)
        return other

    @property
    def settings(self) -> Settings:
        return self._walk.settings

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        within: Scope | None = None,
        on_stage: Stage | None = None,
        on_draft: Stage | None = None,
        on_quotes: Callable[[Answer], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Answer:
        """Answers `question`, asked after the user turns in `history` (oldest first).

        Only documents `within` are searched, if that is given. `on_stage` is told in a few words
        what is being done, `on_quotes` the quotes that answer, before a language model is asked,
        `on_draft` its unchecked text so far. Setting `stop` ends its reply; what is there is
        checked and kept. A model that fails, or is silent too long, is worked around.

        Raises:
            IndexMissing: nothing has been synced yet.
            IndexMismatch: the index was made with another embedding model.
        """
        tell, before = on_stage or (lambda stage: None), [mend(h) for h in history]
        return self._walk.ask(
            mend(question), history=before, within=within, stop=stop,
            tell=tell, on_draft=on_draft, on_quotes=on_quotes,
        )  # fmt: skip

    def read(
        self, question: str, *, history: Sequence[str] = (), within: Scope | None = None
    ) -> Query:
        """How `question` is read before it is searched.

        Raises IndexMissing or IndexMismatch, as `ask` does.
        """
        return self._walk.read(mend(question), [mend(h) for h in history], within=within)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        history: Sequence[str] = (),
        within: Scope | None = None,
    ) -> list[Hit]:
        """The `k` best passages for `question`, best first.

        Raises IndexMissing or IndexMismatch, as `ask` does.
        """
        query = self.read(question, history=history, within=within)
        return [] if query.refused else self.index.open()[1].search(query, k=k)

    def statements(
        self, *, speaker: str = "", about: str = "", document: str | None = None
    ) -> list[Statement]:
        """Who said what: of a speaker (by name, surname or role), about something, in a document.

        By document and place; with `about` those whose words hold it, best first.

        Raises IndexMissing or IndexMismatch, as `ask` does.
        """
        evidence = self.settings.evidence
        library, retriever = self.index.open()
        asked = {"speaker": mend(speaker), "about": mend(about)}
        return list_statements(library, retriever, **asked, document=document, wanted=evidence)

    def evaluate(
        self,
        cases: Sequence[Case],
        *,
        name: str = "",
        progress: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
        leave_gold_out: bool = False,
    ) -> Report:
        """Asks every case (and again without its evidence's documents) and scores the answers.

        Raises IndexMissing or IndexMismatch.
        """
        told = {k: str(getattr(self.settings, k)) for k in ("evidence", "rerank", "temperature")}
        told |= {"documents": str(self.index.count_documents())}
        told |= {"engine": self.engine, "questions": name}
        return evaluate(
            cases,
            ask=lambda case, within: (
                self.ask(case.question, history=case.history, within=within),
                self.search(case.question, k=DEPTH, history=case.history, within=within),
            ),
            get_document=self.index.get_document,
            progress=progress,
            stop=stop,
            settings=told,
            leave_out_of=[d.id for d in self.index.list_documents()] if leave_gold_out else (),
        )

    def check(
        self, draft: str, *, name: str = "", within: Scope | None = None, **follow: Any
    ) -> CheckedDraft:
        """Judges every sentence of `draft` (its text) by the documents, or those `within`.

        `follow` holds `progress` and `stop`, as for `evaluate`: what is judged until then is kept.

        Raises IndexMissing or IndexMismatch, as `ask` does.
        """
        from rag.draft.judge import judge

        return judge(mend(draft), *self.index.open(), name=name, within=within, **follow)

    def sync(self, folder: Path | None = None, *, progress: Progress | None = None) -> SyncReport:
        """Brings the index in line with `folder` (`self.folder.path`, if not given).

        Raises FolderError, IndexBusy, IndexMismatch or StorageError.
        """
        return self.index.sync(folder, progress=progress)

    def status(self, *, check: bool = False) -> dict[str, Any]:
        """What is indexed and which engine answers (`Index.status`); never raises for a file."""
        return {
            "home": str(self.settings.home),
            "documents_folder": str(self.folder.path),
            "settings_from": ", ".join(self.settings.places) or "defaults",
            "provider": self.settings.provider,
            "offline": self.settings.offline,
            "engine": self.engine,
            "leaves_machine": self.leaves_machine,
            **self.index.status(check=check),
        }

    @property
    def records(self) -> Records:
        """Feedback, saved questions, test cases and evaluation runs (may raise StorageError)."""
        return Records(self._home.open_people(), revision=lambda: self._home.revision)

    @property
    def engine(self) -> str:
        """The engine that answers: the language model's name, or "quotes"."""
        return name_engine(self._walk.model) if self._walk.model else QUOTES

    @property
    def address(self) -> str:
        """Where what is asked is sent; "" without a language model."""
        return "" if self._walk.model is None else self._walk.model.address

    @property
    def leaves_machine(self) -> bool:
        """Whether what is asked is sent to another machine."""
        return self._walk.model is not None and leaves_machine(self._walk.model.address)

    @property
    def unused_key(self) -> str:
        """A line on a key that was found and is not used, and how to use it; else ""."""
        return "" if self.leaves_machine else explain_unused_key(self.settings)

    def as_retriever(self, *, k: int = 10) -> Any:
        """A LlamaIndex `BaseRetriever` over this index, to plug into any LlamaIndex engine."""
        from rag.adapters import OnrecordRetriever

        return OnrecordRetriever(self, k=k)

    def as_query_engine(self) -> Any:
        """A LlamaIndex `BaseQueryEngine`: checked answers, a source node for each citation."""
        from rag.adapters import OnrecordQueryEngine

        return OnrecordQueryEngine(self)

    def close(self) -> None:
        """Lets go of the index files."""
        self.index.close()
        self._home.close()
