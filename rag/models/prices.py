"""What calls of a hosted model cost, by a table that its reader can change. Knows no server."""

import logging
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError
from rag.models.contract import Usage

_log = logging.getLogger(__name__)
_OURS = Path(__file__).with_name("prices.toml")
FILE = "prices.toml"
# What may follow a name in the table: "gpt-4.1-mini-2025-04-14", no "gpt-4.1-mini" for "gpt-4.1".
_DATED = re.compile(r"(?:-\d[\d-]*|@.+|:.+)?\Z")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    read: float
    written: float


def load_prices(home: Path) -> dict[str, Price]:
    """{model: price}: ours, and before them those of `prices.toml` in a home.

    Raises:
        SettingsError: that file cannot be read; names the line.
    """
    theirs = home / FILE
    return _read(_OURS) | (_read(theirs) if theirs.is_file() else {})


def find_cost(model: str, usage: Usage, home: Path) -> float | None:
    """US dollars; None where the model's price, or what it took, is not known."""
    if usage == Usage():
        return None
    try:
        prices = load_prices(home)
    except SettingsError as error:
        _log.warning("%s", error)
        return None
    price = _find(model, prices)
    if price is None:
        return None
    return (usage.read * price.read + usage.written * price.written) / 1_000_000


def show_cost(cost: float) -> str:
    """For people, two figures of it.

    >>> show_cost(0.00042), show_cost(0.0), show_cost(1.5)
    ('$0.00042', '$0', '$1.5')
    """
    if not cost:
        return "$0"
    digits = max(0, 1 - math.floor(math.log10(cost)))
    return f"${cost:.{digits}f}"


def _find(model: str, prices: Mapping[str, Price]) -> Price | None:
    name = model.rsplit("/", 1)[-1].lower()
    known = [n for n in prices if name.startswith(n.lower()) and _DATED.match(name, len(n))]
    return prices[max(known, key=len)] if known else None


def _read(path: Path) -> dict[str, Price]:
    told = f"{path.name} in the home folder" if path != _OURS else str(path)
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
        return {
            name: Price(float(row["read"]), float(row["written"])) for name, row in rows.items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{told} cannot be read ({error}). Mend it.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"{told}: every model has its read and its written price, in dollars. Mend it."
        ) from error
