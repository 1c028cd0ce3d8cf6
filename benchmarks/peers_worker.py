"""Runs one peer over a corpus, in the peers' own environment. Knows nothing about Onrecord.

    python peers_worker.py PEER INPUT.json OUTPUT.json

INPUT holds {"model": folder, "documents": [{"id", "text", "passages": [[start, end]]}],
"questions": [text], "k": number}; OUTPUT gets, for each question, [[document, start, end]].
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
INSTRUCTION = "Represent this sentence for searching relevant passages: "
Hits = list[list[Any]]


def main() -> None:
    peer, given, wanted = sys.argv[1:]
    task = json.loads(Path(given).read_text(encoding="utf-8"))
    search = PEERS[peer](task)
    hits = [search(question) for question in task["questions"]]
    Path(wanted).write_text(json.dumps(hits), encoding="utf-8")


def make_embed(folder: str) -> Callable[[list[str]], Any]:
    """The same embedder that Onrecord ships, for every peer."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options)
    names = {i.name for i in session.get_inputs()}
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(512)
    tokenizer.no_padding()

    def one(text: str) -> Any:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
        vector = session.run(None, {k: v for k, v in feed.items() if k in names})[0][0, 0]
        return vector / np.linalg.norm(vector)

    def embed(texts: list[str]) -> Any:
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.stack(list(pool.map(one, texts))).astype(np.float32)

    return embed


def llama_index(task: dict[str, Any], *, fused: bool) -> Callable[[str], Hits]:
    """The starter of LlamaIndex's documentation over Chroma; `fused` with BM25 by RRF."""
    import chromadb
    from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embed = make_embed(task["model"])

    class Bge(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embedding(self, text: str) -> list[float]:
            return list(map(float, embed([text])[0]))

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, v)) for v in embed(texts)]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(INSTRUCTION + query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    Settings.embed_model = Bge(embed_batch_size=64)
    Settings.llm = MockLLM()
    texts = {d["id"]: d["text"] for d in task["documents"]}
    documents = [Document(text=t, id_=i, metadata={}) for i, t in texts.items()]
    collection = chromadb.EphemeralClient().create_collection("peers", embedding_function=None)
    storage = StorageContext.from_defaults(
        vector_store=ChromaVectorStore(chroma_collection=collection)
    )
    nodes = Settings.node_parser.get_nodes_from_documents(documents)  # 1,024 tokens, 200 overlap
    index = VectorStoreIndex(nodes, storage_context=storage)
    retriever = index.as_retriever(similarity_top_k=task["k"])
    if fused:
        from llama_index.retrievers.bm25 import BM25Retriever

        retriever = QueryFusionRetriever(
            [
                retriever,
                BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=task["k"]),
            ],
            similarity_top_k=task["k"],
            num_queries=1,
            mode="reciprocal_rerank",
            use_async=False,
        )

    def search(question: str) -> Hits:
        hits: Hits = []
        for found in retriever.retrieve(question):
            document = found.node.ref_doc_id
            start = texts[document].find(found.node.get_content())
            start = found.node.start_char_idx or 0 if start < 0 else start
            hits.append([document, start, start + len(found.node.get_content())])
        return hits[: task["k"]]

    return search


def txtai_hybrid(task: dict[str, Any], *, lines: bool) -> Callable[[str], Hits]:
    """txtai's hybrid index (sparse + dense) over one row a line, or over the same passages."""
    from txtai import Embeddings

    embed = make_embed(task["model"])
    rows: list[tuple[str, int, int, str]] = []
    for d in task["documents"]:
        if lines:
            position = 0
            for line in d["text"].splitlines(keepends=True):
                if line.strip():
                    start = position + len(line) - len(line.lstrip())
                    rows.append((d["id"], start, start + len(line.strip()), line.strip()))
                position += len(line)
        else:
            rows += [(d["id"], s, e, d["text"][s:e]) for s, e in d["passages"]]
    embeddings = Embeddings(method="external", transform=embed, hybrid=True)
    embeddings.index([(n, row[3], None) for n, row in enumerate(rows)])

    def search(question: str) -> Hits:
        found = embeddings.search(question, task["k"])
        return [list(rows[int(n)][:3]) for n, _ in found]

    return search


PEERS: dict[str, Callable[[dict[str, Any]], Callable[[str], Hits]]] = {
    "LlamaIndex starter": lambda task: llama_index(task, fused=False),
    "LlamaIndex RRF": lambda task: llama_index(task, fused=True),
    "txtai hybrid, lines": lambda task: txtai_hybrid(task, lines=True),
    "txtai hybrid, passages": lambda task: txtai_hybrid(task, lines=False),
}

if __name__ == "__main__":
    main()
