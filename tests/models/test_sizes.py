"""How large a model is, by its name and where it stands, and what it is shown for that."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rag.models.contract import Messages, ModelInfo
from rag.models.ollama import OllamaChat
from rag.models.sizes import is_small, measure_memory, prefer, read_billions
from tests.chat_server import chat_server


@dataclass
class Named:
    name: str
    address: str = "http://127.0.0.1:8080/v1"
    billions: float | None = None
    context: int = 4_096

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("qwen3:4b-instruct", 4), ("Qwen2.5-1.5B-Q4_K_M.gguf", 1.5), ("SmolLM2-135M", 0.135),
        ("mixtral-8x7b", 56), ("llama-3.1-70b", 70), ("qwen3-30b-a3b", 30), ("gpt-4.1-mini", None),
        ("llama3.2:latest", None), ("phi-4", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_tells_the_size(name: str, billions: float | None) -> None:
    assert read_billions(name) == billions


@pytest.mark.parametrize(
    ("model", "prompt", "small"),
    [
        (Named("qwen3:4b"), "auto", True),
        (Named("qwen3:8b"), "auto", False),
        (Named("mystery"), "auto", True),  # on this machine
        (Named("gpt-4.1-mini", "https://api.openai.com/v1"), "auto", False),
        (Named("mystery", billions=32.0), "auto", False),
        (Named("qwen3:4b"), "large", False),
        (Named("gpt-4.1-mini", "https://api.openai.com/v1"), "small", True),
    ],
)
def test_a_small_model_is_told_by_size_place_or_setting(
    model: Named, prompt: str, small: bool
) -> None:
    assert is_small(model, prompt=prompt) == small


@pytest.mark.parametrize(("size", "small"), [("3.2B", True), ("8.0B", False)])
def test_an_ollama_tells_the_size_that_a_name_does_not(size: str, small: bool) -> None:
    with chat_server(text="", size=size) as (url, _):
        model = OllamaChat(model="llama:latest", address=url.removesuffix("/v1"), temperature=0)
        assert is_small(model) == small


def listed(model: str, note: str = "", address: str = "http://127.0.0.1:11434") -> ModelInfo:
    return ModelInfo("ollama", model, address, True, note=note)


@pytest.mark.parametrize(
    ("rows", "memory", "model", "why"),
    [
        ([listed("a", "4.0B"), listed("b", "8.2B"), listed("c", "32B")], 16, "b", "fits into half"),
        ([listed("a", "4.0B"), listed("b", "8.2B")], 8, "a", "8 GB"),
        ([listed("a", "8.2B")], 4, None, "none fits"),
        ([listed("a", "1.5B"), listed("b", "135M")], 16, None, "a, has 1.5 billion"),
        ([listed("mystery")], 16, None, "tells its size"),
        ([], 16, None, "tells its size"),
        ([listed("a", "70B", "https://far.example/v1")], 640, None, "tells its size"),
    ],
)
def test_the_largest_that_fits_is_preferred_unless_quotes_say_more(
    rows: list[ModelInfo], memory: float, model: str | None, why: str
) -> None:
    best, told = prefer(rows, memory=memory)
    assert (best and best.model) == model
    assert why in told


def test_this_machine_has_memory() -> None:
    assert measure_memory() > 0.1
