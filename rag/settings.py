"""Environment and `.env` → one frozen `Settings`. Knows nothing about what the values do.

Order of precedence: arguments, then the environment, then `.env`, then the defaults below.
Unknown `ONRECORD_` names and bad values are rejected when loaded, not when first used.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import SettingsError

RERANKERS = ("late", "cross", "both", "off")
PROVIDERS = ("auto", "none", "openai", "ollama", "openai-compatible", "gguf")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Times are seconds; counts are whole numbers."""

    documents: Path = Path("seeds")
    home: Path = Path(".onrecord")
    provider: str = "auto"
    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    context: int = 0
    temperature: float = 0.0
    timeout: float = 60.0
    evidence: int = 8
    rerank: str = "late"
    rerank_depth: int = 24
    embedder: str = ""
    cross_encoder: str = ""
    file_seconds: float = 30.0
    file_memory: int = 1024

    def __post_init__(self) -> None:
        if self.provider not in PROVIDERS:
            raise SettingsError(
                f"ONRECORD_PROVIDER is {self.provider!r}; use one of {', '.join(PROVIDERS)}."
            )
        if self.rerank not in RERANKERS:
            raise SettingsError(
                f"ONRECORD_RERANK is {self.rerank!r}; use one of {', '.join(RERANKERS)}."
            )
        if self.base_url and urlsplit(self.base_url).scheme not in ("http", "https"):
            raise SettingsError(
                f"ONRECORD_BASE_URL is {self.base_url!r}; it must start with http:// or https://."
            )
        for name, low, high in (
            ("temperature", 0, 2),
            ("timeout", 1, 3600),
            ("context", 0, 2_000_000),
            ("evidence", 1, 50),
            ("rerank_depth", 2, 100),
            ("file_seconds", 1, 86_400),
            ("file_memory", 128, 1_000_000),
        ):
            value = getattr(self, name)
            # `not (low <= x <= high)` also rejects NaN.
            if not low <= value <= high:
                raise SettingsError(
                    f"ONRECORD_{name.upper()} is {value}; it must be between {low} and {high}."
                )


# A key has a name of its own, so that an existing OPENAI_API_KEY just works.
VARIABLES = {
    f.name: "OPENAI_API_KEY" if f.name == "api_key" else f"ONRECORD_{f.name.upper()}"
    for f in fields(Settings)
}


def load_settings(
    *,
    environ: Mapping[str, str] | None = None,
    env_file: Path | None = Path(".env"),
    **overrides: Any,
) -> Settings:
    """Settings from the environment, `.env` and keyword overrides (None means "not given").

    Raises:
        SettingsError: a name is unknown or a value has the wrong form.
    """
    given = dict(_read_env_file(env_file))
    given.update(os.environ if environ is None else environ)
    _reject_unknown(given)
    values: dict[str, Any] = {}
    for name, variable in VARIABLES.items():
        raw = given.get(variable, "").strip()
        if raw:
            values[name] = _parse(variable, raw, getattr(Settings(), name))
    values.update({k: v for k, v in overrides.items() if v is not None})
    return Settings(**values)


def _read_env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return {k: v for k, v in dotenv_values(path, interpolate=False).items() if v is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}). Save it as UTF-8 text.") from error


def _reject_unknown(given: Mapping[str, str]) -> None:
    known = set(VARIABLES.values())
    for name in sorted(given):
        if name.startswith("ONRECORD_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " See .env.example for the names."
            raise SettingsError(f"{name} is not a setting.{hint}")


def _parse(variable: str, raw: str, default: object) -> object:
    try:
        if isinstance(default, int):
            return int(raw)
        if isinstance(default, float):
            return float(raw)
        if isinstance(default, Path):
            return Path(raw).expanduser()
        return raw
    except ValueError as error:
        raise SettingsError(f"{variable} is {raw!r}: {error}.") from error
