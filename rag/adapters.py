"""The assistant as LlamaIndex knows retrievers and query engines, to build with it there."""

import asyncio
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

if TYPE_CHECKING:
    from rag.assistant import Assistant


class OnrecordRetriever(BaseRetriever):
    """The `k` best passages, each a node with its span of the document."""

    def __init__(self, assistant: "Assistant", *, k: int) -> None:
        super().__init__()
        self._assistant = assistant
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            _node(
                hit.passage.text,
                {"document": hit.passage.document_id},
                hit.passage.start,
                hit.passage.end,
                score=hit.score,
            )
            for hit in self._assistant.search(query_bundle.query_str, k=self._k)
        ]


class OnrecordQueryEngine(BaseQueryEngine):
    """Checked answers: a source node for each citation, its text letter for letter at its span.

    The response's metadata hold "status" ("answered", "abstained"), "reason", "notice", "engine".
    """

    def __init__(self, assistant: "Assistant") -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str)
        cited = [
            _node(
                c.quote,
                {
                    "number": c.number,
                    "document": c.document_id,
                    "title": c.title,
                    "source": c.source,
                    "date": c.date,
                    "page": c.page,
                    "version": c.version,
                },
                c.start,
                c.end,
            )
            for c in answer.citations
        ]
        told = {k: getattr(answer, k) for k in ("status", "reason", "notice", "engine")}
        return Response(answer.text, source_nodes=cited, metadata=told)

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)


def _node(
    text: str, metadata: dict[str, Any], start: int, end: int, *, score: float | None = None
) -> NodeWithScore:
    node = TextNode(
        id_=f"{metadata['document']}#{start}-{end}",
        text=text,
        metadata=metadata,
        start_char_idx=start,
        end_char_idx=end,
    )
    return NodeWithScore(node=node, score=score)
