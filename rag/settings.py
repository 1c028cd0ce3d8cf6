"""Environment and `.env` → one frozen `Settings`. Knows nothing about what the values do.

Order of precedence: arguments, then the environment, then `.env`, then the defaults below.
Unknown `ONRECORD_` names and bad values are rejected when loaded, not when first used.

`.env` is read beside the project's pyproject.toml, else in the user's configuration folder; never
in the current folder or among the documents, which others may have written. Each value remembers
where it came from, so that a key is only ever sent to an address that stands beside it.
"""

import difflib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag import tuned
from rag.errors import SettingsError

RERANKERS = ("late", "cross", "both", "off")
APIS = ("auto", "responses", "chat")
PROMPTS = ("auto", "small", "large")
ENVIRONMENT = "environment"
_ENV_FILE = ".env"
_PROJECT = Path(__file__).resolve().parent.parent
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})
# In an address these are read differently by different libraries: "http://localhost\\@elsewhere".
_MISLEADING = re.compile(r"[\s\\@\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Times are seconds; counts are whole numbers.

    `offline` lets nothing leave this machine; ONRECORD_OFFLINE in the environment sets it whatever
    the arguments say. `sources` are (name, where its value came from) of what was not given as an
    argument: "environment" or the path of an `.env`.
    """

    documents: Path = Path("seeds")
    home: Path = Path(".onrecord")
    offline: bool = False
    provider: str = "auto"
    model: str = ""
    base_url: str = ""
    api: str = "auto"
    prompt: str = "auto"
    api_key: str = field(default="", repr=False)
    context: int = 0
    temperature: float = 0.0
    timeout: float = 60.0
    evidence: int = 8
    rerank: str = "late"
    rerank_depth: int = tuned.RERANK_DEPTH
    embedder: str = ""
    cross_encoder: str = ""
    file_seconds: float = 30.0
    file_memory: int = 1024
    sources: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("home", "documents"):  # Assistant.open(home="…") is what people write first
            object.__setattr__(self, name, Path(getattr(self, name)))
        if _parse_flag("ONRECORD_OFFLINE", os.environ.get("ONRECORD_OFFLINE", "")):
            object.__setattr__(self, "offline", True)
        if self.rerank not in RERANKERS:
            raise SettingsError(
                f"ONRECORD_RERANK is {self.rerank!r}; use one of {', '.join(RERANKERS)}."
            )
        for name, known in (("api", APIS), ("prompt", PROMPTS)):
            if getattr(self, name) not in known:
                raise SettingsError(
                    f"ONRECORD_{name.upper()} is {getattr(self, name)!r}; use one of "
                    f"{', '.join(known)}."
                )
        if self.base_url:
            _check_address(self.base_url)
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

    @property
    def key_for_address(self) -> str:
        """The key, if it may go to `base_url`: both were given in the same place. Else ""."""
        places = dict(self.sources)
        return self.api_key if places.get("api_key") == places.get("base_url") else ""

    @property
    def key_was_chosen(self) -> bool:
        """Whether the key was put down for Onrecord, not found in everybody's environment."""
        return bool(self.api_key) and dict(self.sources).get("api_key") != ENVIRONMENT

    @property
    def places(self) -> tuple[str, ...]:
        """Where the values that are not defaults came from, sorted."""
        return tuple(sorted({place for _, place in self.sources}))


# A key has the name that OpenAI's own tools read.
VARIABLES = {
    f.name: "OPENAI_API_KEY" if f.name == "api_key" else f"ONRECORD_{f.name.upper()}"
    for f in fields(Settings)
    if f.name != "sources"
}
_DEFAULTS = {f.name: f.default for f in fields(Settings)}


def load_settings(
    *,
    environ: Mapping[str, str] | None = None,
    env_file: Path | str | None = "find",
    **overrides: Any,
) -> Settings:
    """Settings from the environment, `.env` and keyword overrides (None means "not given").

    `env_file` names the `.env` to read, None none; by default it is looked for (`find_env_file`).

    Raises:
        SettingsError: a name is unknown or a value has the wrong form.
    """
    environ = os.environ if environ is None else environ
    given = {k: v for k, v in overrides.items() if v is not None}
    path = find_env_file(environ) if env_file == "find" else env_file
    in_file = _read_env_file(Path(path) if path is not None else None)
    _reject_unknown({**in_file, **environ})
    values: dict[str, Any] = {}
    sources: list[tuple[str, str]] = []
    for name, variable in VARIABLES.items():
        for rows, place in ((environ, ENVIRONMENT), (in_file, str(path))):
            raw = rows.get(variable, "").strip()
            if raw:
                values[name] = _parse(variable, raw, _DEFAULTS[name])
                if name not in given:
                    sources.append((name, place))
                break
    offline = bool(values.get("offline") or given.get("offline"))
    settings = Settings(**{**values, **given, "offline": offline, "sources": tuple(sources)})
    refuse_settings_among(settings.documents, settings)
    return settings


def refuse_settings_among(documents: Path, settings: Settings) -> None:
    """Refuses values of an `.env` that lies among `documents`: whoever sent those may have sent it.

    The user's own configuration folder is nobody else's, wherever it lies.

    Raises:
        SettingsError: with the next step.
    """
    own = config_folder()
    for place in settings.places:
        if (
            place != ENVIRONMENT
            and Path(place).parent != own
            and _lies_within(Path(place), documents)
        ):
            raise SettingsError(
                f"{place} stands among the documents, so it is not read. Move it to {own}."
            )


def find_env_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """The first `.env` there is: of the project's folder, then of the configuration folder."""
    return next((p for p in _env_files(os.environ if environ is None else environ)
                 if p.is_file()), None)  # fmt: skip


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where this user keeps settings: `onrecord` below XDG_CONFIG_HOME, ~/.config or APPDATA."""
    environ = os.environ if environ is None else environ
    if sys.platform == "win32":
        base = environ.get("APPDATA", "")
    else:
        base = environ.get("XDG_CONFIG_HOME", "")
    if not Path(base).is_absolute():
        base = os.path.expanduser("~/.config")  # noqa: PTH111  (Path's raises where there is no home)
    return Path(base) / "onrecord"


def _env_files(environ: Mapping[str, str]) -> Iterator[Path]:
    if (_PROJECT / "pyproject.toml").is_file():  # a checkout, not site-packages
        yield _PROJECT / _ENV_FILE
    yield config_folder(environ) / _ENV_FILE


def _lies_within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host:
        raise SettingsError(
            f"ONRECORD_BASE_URL is {address!r}; it must start with http:// or https:// and name a "
            "host."
        )
    if _MISLEADING.search(address):
        raise SettingsError(
            f"ONRECORD_BASE_URL is {address!r}; it must hold no spaces, user names or backslashes."
        )


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
        if isinstance(default, bool):
            return _parse_flag(variable, raw)
        if isinstance(default, int):
            return int(raw)
        if isinstance(default, float):
            return float(raw)
        if isinstance(default, Path):
            return Path(raw).expanduser()
        return raw
    except (ValueError, RuntimeError) as error:
        raise SettingsError(f"{variable} is {raw!r}: {error}.") from error


def _parse_flag(variable: str, raw: str) -> bool:
    word = raw.strip().lower()
    if word not in _YES | _NO:
        raise SettingsError(f"{variable} is {raw!r}; use 1 or 0.")
    return word in _YES
