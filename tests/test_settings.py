"""Settings come from arguments, the environment and .env, and are checked when loaded."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from rag.errors import SettingsError
from rag.settings import VARIABLES, Settings, load_settings
from tests.conftest import ROOT, write


def test_the_example_file_names_every_setting_with_its_default() -> None:
    example = dotenv_values(ROOT / ".env.example")
    defaults = Settings()
    assert set(example) == set(VARIABLES.values())
    for name, variable in VARIABLES.items():
        default = getattr(defaults, name)
        written = str(default).lower() if isinstance(default, bool) else str(default)
        assert example[variable] == written
    assert load_settings(environ={}, env_file=ROOT / ".env.example") == defaults


def test_arguments_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    env_file = write(tmp_path, ".env", "ONRECORD_MODEL=file\nONRECORD_EVIDENCE=3\nOTHER=x\n")
    environ = {"ONRECORD_MODEL": "environment", "PATH": "/bin"}
    settings = load_settings(environ=environ, env_file=env_file, home=Path("argument"))
    assert (settings.model, settings.evidence, settings.home) == (
        "environment", 3, Path("argument"),
    )  # fmt: skip
    assert load_settings(environ=environ, env_file=env_file, model="argument").model == "argument"


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("ONRECORD_MODLE", "x", "Did you mean ONRECORD_MODEL?"),
        ("ONRECORD_TEMPERATURE", "hot", "ONRECORD_TEMPERATURE"),
        ("ONRECORD_TEMPERATURE", "nan", "between 0 and 2"),
        ("ONRECORD_TIMEOUT", "-1", "between 1 and"),
        ("ONRECORD_EVIDENCE", "1.5", "ONRECORD_EVIDENCE"),
        ("ONRECORD_RERANK", "perhaps", "late, cross, both, off"),
        ("ONRECORD_RERANK_DEPTH", "1", "between 2 and 100"),
        ("ONRECORD_BASE_URL", "localhost:1234", "http://"),
    ],
)
def test_an_unknown_name_or_a_bad_value_is_refused_by_name(
    variable: str, value: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=r"ONRECORD") as error:
        load_settings(environ={variable: value}, env_file=None)
    assert told in str(error.value)
