"""Runs one peer over a corpus, in the peers' own environment. Knows nothing about Onrecord.

    python peers_worker.py PEER build|ask INPUT.json FOLDER OUTPUT.json

INPUT holds {"model": folder, "documents": [{"id", "text", "passages": [[start, end]]}],
"questions": [text], "k": number}. "build" makes an index in FOLDER; "ask", in another process,
loads it. OUTPUT gets what was measured and, from "ask", of each question [[document, start, end]].
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
INSTRUCTION = "Represent this sentence for searching relevant passages: "
Hits = list[list[Any]]
Build = Callable[[dict[str, Any], str], None]
Load = Callable[[dict[str, Any], str], Callable[[str], Hits]]


def main() -> None:
    peer, step, given, folder, wanted = sys.argv[1:]
    task = json.loads(Path(given).read_text(encoding="utf-8"))
    build, load = PEERS[peer]
    if step == "build":
        started, used = time.perf_counter(), time.process_time()
        build(task, folder)
        told: dict[str, Any] = {
            "index_s": time.perf_counter() - started,
            "index_cpu_s": time.process_time() - used,
        }
    else:
        told = measure(load(task, folder), task["questions"])
    Path(wanted).write_text(json.dumps(told), encoding="utf-8")


def measure(search: Callable[[str], Any], questions: list[str]) -> dict[str, Any]:
    """Every question twice; the second time warm. The first answer counts from the process's start.

    The same function measures Onrecord (`peers.py`), in a process of its own as well.
    """
    hits = [search(questions[0])]
    cold = time.time() - float(os.environ["STARTED"])
    hits += [search(question) for question in questions[1:]]
    walls, used = [], time.process_time()
    for question in questions:
        started = time.perf_counter()
        search(question)
        walls.append((time.perf_counter() - started) * 1000)
    return {
        "hits": hits,
        "cold_s": cold,
        "p50_ms": median(walls),
        "cpu_ms": (time.process_time() - used) * 1000 / len(questions),
        "megabytes": largest(),
    }


def largest() -> float:
    """The most memory that this process held, in MB (`getrusage` counts its parent's as well)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


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


def llama_index(*, fused: bool, passages: bool) -> tuple[Build, Load]:
    """The starter of LlamaIndex's documentation over Chroma; `fused` with BM25 by RRF.

    Over its own splitter's chunks (1,024 tokens, 200 overlap) or over Onrecord's `passages`.
    """

    def settings(task: dict[str, Any]) -> None:
        from llama_index.core import Settings
        from llama_index.core.base.embeddings.base import BaseEmbedding
        from llama_index.core.llms import MockLLM

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

    def store(folder: str) -> Any:
        import chromadb
        from llama_index.vector_stores.chroma import ChromaVectorStore

        client = chromadb.PersistentClient(f"{folder}/chroma")
        collection = client.get_or_create_collection("peers", embedding_function=None)
        return ChromaVectorStore(chroma_collection=collection)

    def build(task: dict[str, Any], folder: str) -> None:
        from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex
        from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
        from llama_index.retrievers.bm25 import BM25Retriever

        settings(task)
        if passages:
            nodes = [
                TextNode(
                    text=d["text"][start:end],
                    start_char_idx=start,
                    end_char_idx=end,
                    relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=d["id"])},
                )
                for d in task["documents"]
                for start, end in d["passages"]
            ]
        else:
            documents = [
                Document(text=d["text"], id_=d["id"], metadata={}) for d in task["documents"]
            ]
            nodes = Settings.node_parser.get_nodes_from_documents(documents)
        context = StorageContext.from_defaults(vector_store=store(folder))
        VectorStoreIndex(nodes, storage_context=context)
        if fused:
            retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=task["k"])
            retriever.persist(f"{folder}/bm25")

    def load(task: dict[str, Any], folder: str) -> Callable[[str], Hits]:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        settings(task)
        texts = {d["id"]: d["text"] for d in task["documents"]}
        index = VectorStoreIndex.from_vector_store(store(folder))
        retriever = index.as_retriever(similarity_top_k=task["k"])
        if fused:
            retriever = QueryFusionRetriever(
                [retriever, BM25Retriever.from_persist_dir(f"{folder}/bm25")],
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

    return build, load


def txtai_hybrid(*, lines: bool) -> tuple[Build, Load]:
    """txtai's hybrid index (sparse + dense) over one row a line, or over the same passages."""

    def rows_of(task: dict[str, Any]) -> list[tuple[str, int, int, str]]:
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
        return rows

    def build(task: dict[str, Any], folder: str) -> None:
        from txtai import Embeddings

        # Texts are kept, as everybody else keeps them.
        embeddings = Embeddings(
            method="external", transform=make_embed(task["model"]), hybrid=True, content=True
        )
        embeddings.index([(n, row[3], None) for n, row in enumerate(rows_of(task))])
        embeddings.config.pop("transform")  # a function is not saved
        embeddings.save(f"{folder}/txtai")

    def load(task: dict[str, Any], folder: str) -> Callable[[str], Hits]:
        from txtai import Embeddings

        embeddings = Embeddings()
        embeddings.load(f"{folder}/txtai")
        # What embeds questions is a function, which was not saved.
        embeddings.config["transform"] = make_embed(task["model"])
        embeddings.model = embeddings.loadvectors()
        rows = rows_of(task)

        def search(question: str) -> Hits:
            found = embeddings.search(question, task["k"])
            return [list(rows[int(row["id"])][:3]) for row in found]

        return search

    return build, load


def haiku_rag() -> tuple[Build, Load]:
    """haiku.rag's hybrid search (LanceDB: dense and full text, fused) over the same passages.

    They are handed over with their vectors, as its `import_document` allows: nothing is converted.
    """

    def opened(task: dict[str, Any], folder: str) -> Any:
        import asyncio

        from haiku.rag import embeddings
        from haiku.rag.client import HaikuRAG, client
        from haiku.rag.config.models import AppConfig
        from haiku.rag.store import engine

        embed = make_embed(task["model"])

        class Bge(embeddings.EmbedderWrapper):  # type: ignore[misc]
            async def _embed_query(self, text: str) -> list[float]:
                return list(map(float, embed([INSTRUCTION + text])[0]))

            async def _embed_documents(self, texts: list[str]) -> list[list[float]]:
                return [list(map(float, v)) for v in embed(texts)]

        # Where it is looked for: no setting names an embedder of one's own.
        for module in (embeddings, client, engine):
            module.get_embedder = lambda config=None: Bge(None, 384)
        config = AppConfig()
        config.embeddings.model.vector_dim = 384
        loop = asyncio.new_event_loop()
        rag = HaikuRAG(Path(folder) / "haiku.lancedb", config=config, create=True)
        loop.run_until_complete(rag.__aenter__())
        return rag, loop, embed

    def build(task: dict[str, Any], folder: str) -> None:
        from docling_core.types.doc.document import DoclingDocument
        from haiku.rag.store.models.chunk import Chunk

        rag, loop, embed = opened(task, folder)
        for d in task["documents"]:
            texts = [d["text"][start:end] for start, end in d["passages"]]
            if texts:
                chunks = [
                    Chunk(content=text, order=n, embedding=list(map(float, vector)))
                    for n, (text, vector) in enumerate(zip(texts, embed(texts), strict=True))
                ]
                empty = DoclingDocument(name=d["id"])
                loop.run_until_complete(rag.import_document(empty, chunks, uri=d["id"]))
        loop.run_until_complete(rag.__aexit__(None, None, None))

    def load(task: dict[str, Any], folder: str) -> Callable[[str], Hits]:
        rag, loop, _ = opened(task, folder)
        places = {
            (d["id"], d["text"][s:e]): [d["id"], s, e]
            for d in task["documents"]
            for s, e in d["passages"]
        }

        def search(question: str) -> Hits:
            found = loop.run_until_complete(rag.search(question, limit=task["k"]))
            kept = (places.get((r.document_uri, r.content)) for r in found)
            return [place for place in kept if place is not None]

        return search

    return build, load


PEERS: dict[str, tuple[Build, Load]] = {
    "haiku.rag, passages": haiku_rag(),
    "LlamaIndex starter": llama_index(fused=False, passages=False),
    "LlamaIndex RRF": llama_index(fused=True, passages=False),
    "LlamaIndex RRF, passages": llama_index(fused=True, passages=True),
    "txtai hybrid, lines": txtai_hybrid(lines=True),
    "txtai hybrid, passages": txtai_hybrid(lines=False),
}

if __name__ == "__main__":
    main()
