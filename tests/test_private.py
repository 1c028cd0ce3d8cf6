"""Nothing leaves this machine unless somebody chose that it does: keys, addresses, proxies, files.

What the libraries do on their own is watched in test_network.py.
"""

import os
import socket
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import rag.settings
from rag import Assistant, Settings
from rag.cli import main
from rag.errors import ModelFileError, SettingsError
from rag.export import escape, table_cell
from rag.models import list_models, open_language_model
from rag.models.http import leaves_machine
from rag.models.onnx import find_model
from rag.models.openai import OpenAIChat
from rag.models.providers import choose_provider
from rag.settings import load_settings
from tests.chat_server import chat_server
from tests.conftest import SEEDS, write

TRUE = 'Reuters reported that Hezbollah "was taken by surprise" [1].'
KEY = "sk-very-secret"
ELSEWHERE = "http://models.example/v1"


@pytest.fixture(autouse=True)
def no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project and a configuration folder without an `.env`; the project's folder."""
    project = tmp_path / "project"
    write(project, "pyproject.toml", "")
    monkeypatch.setattr(rag.settings, "_PROJECT", project)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return project


# --- where settings may come from ---


def test_an_env_file_of_the_current_folder_is_nobodys_choice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_env_file: Path
) -> None:
    leaked = write(tmp_path / "leaked", ".env", f"ONRECORD_BASE_URL={ELSEWHERE}")
    monkeypatch.chdir(leaked.parent)
    assert load_settings(environ={"OPENAI_API_KEY": KEY}).base_url == ""
    write(no_env_file, ".env", "ONRECORD_EVIDENCE=3")
    assert load_settings(environ={}).evidence == 3
    assert load_settings(environ={}).places == (str(no_env_file / ".env"),)


def test_the_configuration_folder_is_read_where_the_project_has_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    write(tmp_path / "config" / "onrecord", ".env", "ONRECORD_EVIDENCE=4")
    assert load_settings(environ=where).evidence == 4
    monkeypatch.delenv("HOME", raising=False)
    assert load_settings(environ={}).evidence == 8


def test_an_env_file_among_the_documents_is_refused(no_env_file: Path) -> None:
    write(no_env_file, ".env", "ONRECORD_EVIDENCE=3")
    with pytest.raises(SettingsError, match=r"stands among the documents.*Move it to"):
        load_settings(environ={}, documents=no_env_file)


def test_a_folder_synced_by_name_is_no_place_for_settings_either(
    no_env_file: Path, tmp_path: Path
) -> None:
    write(no_env_file / "docs", "a.txt", "The mayor said that the harbour is shut.")
    home = tmp_path / "home"
    Assistant(load_settings(environ={}, home=home)).sync(no_env_file)  # nothing to refuse yet
    write(no_env_file, ".env", f"ONRECORD_BASE_URL={ELSEWHERE}")
    opened = Assistant.open(load_settings(environ={}, home=home))
    with pytest.raises(SettingsError, match="stands among the documents"):
        opened.ask("what did the mayor say?")
    with pytest.raises(SettingsError, match="stands among the documents"):
        Assistant.open(load_settings(environ={}, home=tmp_path / "new")).sync(no_env_file)


def test_ones_own_configuration_folder_may_lie_among_the_documents(tmp_path: Path) -> None:
    said = write(tmp_path / "config" / "onrecord", ".env", "ONRECORD_EVIDENCE=4")
    settings = load_settings(environ=os.environ, documents=tmp_path)
    assert (settings.evidence, settings.places) == (4, (str(said),))


def test_status_says_which_file_settings_came_from(
    no_env_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(no_env_file, ".env", "ONRECORD_PROVIDER=none")
    assert main(["status", "--home", str(tmp_path / "none")]) == 0
    assert str(no_env_file / ".env") in capsys.readouterr().out


# --- where a key may go ---


@pytest.mark.parametrize(
    ("environ", "in_file", "sent"),
    [
        ({"OPENAI_API_KEY": KEY, "ONRECORD_BASE_URL": ELSEWHERE}, "", KEY),
        ({}, f"OPENAI_API_KEY={KEY}\nONRECORD_BASE_URL={ELSEWHERE}", KEY),
        ({"OPENAI_API_KEY": KEY}, f"ONRECORD_BASE_URL={ELSEWHERE}", ""),
        ({"ONRECORD_BASE_URL": ELSEWHERE}, f"OPENAI_API_KEY={KEY}", ""),
    ],
)
def test_a_key_goes_only_to_an_address_that_stands_beside_it(
    environ: dict[str, str], in_file: str, sent: str, tmp_path: Path
) -> None:
    settings = load_settings(environ=environ, env_file=write(tmp_path, ".env", in_file))
    model = open_language_model(settings)
    assert isinstance(model, OpenAIChat)
    assert model.address == ELSEWHERE
    assert model._api_key == sent


def test_a_key_in_the_environment_alone_sends_nothing_and_one_line_says_so(
    assistant: Assistant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = load_settings()
    assert choose_provider(settings) == "none"
    asked = next(r for r in list_models(settings) if r.provider == "openai")
    assert (asked.reachable, asked.note.startswith("not asked")) == (False, True)
    home = str(assistant.settings.home)
    assert main(["ask", "who is Dennis Ross?", "--home", home]) == 0
    told = capsys.readouterr()
    assert "Nothing left this machine" in told.out
    assert "OPENAI_API_KEY is set and not used" in told.err
    assert "ONRECORD_PROVIDER=openai" in told.err
    assert KEY not in told.out + told.err


def test_a_key_that_was_put_down_for_onrecord_is_used(tmp_path: Path) -> None:
    in_file = load_settings(environ={}, env_file=write(tmp_path, ".env", f"OPENAI_API_KEY={KEY}"))
    chosen = load_settings(environ={"OPENAI_API_KEY": KEY, "ONRECORD_PROVIDER": "openai"},
                           env_file=None)  # fmt: skip
    assert [choose_provider(s) for s in (in_file, chosen)] == ["openai", "openai"]


@pytest.mark.parametrize(
    "address",
    ["ftp://localhost", "http://", "http://localhost@elsewhere.example/v1", "http://local host",
     "http://localhost\\@elsewhere.example", "http://localhost:99999"],
)  # fmt: skip
def test_an_address_that_can_be_read_in_two_ways_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="ONRECORD_BASE_URL"):
        Settings(base_url=address)


@pytest.mark.parametrize("hosted", [False, True])
def test_nothing_else_of_the_environment_goes_along(
    monkeypatch: pytest.MonkeyPatch, hosted: bool
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer gateway\nX-Secret: gateway")
    monkeypatch.setenv("OPENAI_ORG_ID", "our-organisation")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "our-project")
    with chat_server(text=TRUE) as (url, requests):
        model = OpenAIChat(model="m", base_url=None if hosted else url, api_key="", temperature=0)
        model.address = url
        "".join(model.reply([{"role": "user", "content": "?"}], seconds=5))
    sent = {k.lower(): v for k, v in requests[0]["headers"].items()}
    assert sent["authorization"] == "Bearer none"
    assert "gateway" not in str(sent)
    assert ("our-organisation" in str(sent)) == ("our-project" in str(sent)) == hosted
    assert not [name for name in sent if name.startswith("x-")]


def test_a_debugging_client_prints_neither_prompts_nor_what_a_server_says(
    assistant: Assistant,
) -> None:
    program = (
        "import sys; from rag import Assistant, Settings; from rag.models import *\n"
        "home, url = sys.argv[1:]; asked = Assistant(Settings(home=home, documents='seeds'))\n"
        "model = open_language_model(Settings(base_url=url))\n"
        "print(asked.worded_by(model).ask('who was surprised?').engine)"
    )
    with chat_server(status=429, error="the server's own words") as (url, requests):
        done = subprocess.run(
            [sys.executable, "-c", program, str(assistant.settings.home), url],
            cwd=SEEDS.parent, env={**os.environ, "OPENAI_LOG": "debug"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert requests
    assert done.stdout == "quotes\n"
    for told in ("own words", "Traceback", "passage number", "surprised"):
        assert told not in done.stderr


# --- what leaves ---


@pytest.mark.parametrize(
    ("address", "leaves"),
    [
        ("http://127.0.0.1:8080/v1", False),
        ("http://127.9.9.9/v1", False),
        ("http://[::1]:8080", False),
        ("http://LOCALHOST:1", False),
        ("in this process", False),
        ("", False),
        ("http://192.168.1.5:8080", True),
        ("http://0.0.0.0:8080", True),
        ("http://localhost.example", True),
        ("http://2130706433", True),
        ("https://api.openai.com/v1", True),
    ],
)
def test_only_loopback_stays_on_this_machine(address: str, leaves: bool) -> None:
    assert leaves_machine(address) is leaves


class _Proxy(BaseHTTPRequestHandler):
    asked: list[str]

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.send_error(502)

    do_GET = do_CONNECT = do_POST

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a proxy that the environment names is asked for."""
    asked: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Proxy", (_Proxy,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    return asked


@pytest.mark.parametrize("provider", ["openai-compatible", "ollama"])
def test_a_model_on_this_machine_is_never_called_through_a_proxy(
    assistant: Assistant, proxied: list[str], provider: str
) -> None:
    with chat_server(text=TRUE) as (url, requests):
        settings = Settings(base_url=url, provider=provider, model="m")
        answer = assistant.worded_by(open_language_model(settings)).ask("who was surprised?")
        list_models(settings)
    assert requests
    assert proxied == []
    assert answer.sent_to == ""


def test_a_model_elsewhere_may_be_called_through_one_and_counts_as_leaving(
    assistant: Assistant, proxied: list[str]
) -> None:
    model = open_language_model(Settings(base_url=ELSEWHERE, model="m"))
    answer = assistant.worded_by(model).ask("who was surprised?")
    assert proxied
    assert answer.engine == "quotes"  # the proxy failed, but what was asked had left
    assert answer.sent_to == "models.example"


def test_what_never_got_out_is_not_said_to_have_left(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    model = open_language_model(Settings(base_url=ELSEWHERE, model="m"))
    answer = assistant.worded_by(model).ask("who was surprised?")
    assert "cannot be reached" in (answer.notice or "")
    assert answer.sent_to == ""


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_a_prompt(assistant: Assistant, status: int) -> None:
    with chat_server(text=TRUE) as (elsewhere, received):
        where = {"Location": f"{elsewhere}/chat/completions"}
        with chat_server(status=status, headers=where) as (url, asked):
            model = open_language_model(Settings(base_url=url, model="m"))
            answer = assistant.worded_by(model).ask("who was surprised?")
    assert asked
    assert received == []
    assert "redirects" in (answer.notice or "")


def test_offline_lets_nothing_override_it(
    monkeypatch: pytest.MonkeyPatch, assistant: Assistant
) -> None:
    hosted = OpenAIChat(model="m", base_url=None, api_key=KEY, temperature=0)
    monkeypatch.setenv("ONRECORD_OFFLINE", "1")
    settings = load_settings(api_key=KEY, offline=False)
    assert settings.offline
    assert choose_provider(settings) == "none"
    with pytest.raises(SettingsError, match="another machine"):
        open_language_model(load_settings(api_key=KEY, provider="openai"))
    with pytest.raises(SettingsError, match="another machine"):
        open_language_model(load_settings(base_url=ELSEWHERE))
    offline = Assistant(load_settings(home=assistant.settings.home, documents=SEEDS))
    with pytest.raises(SettingsError, match="another machine"):
        offline.worded_by(hosted)
    with pytest.raises(ModelFileError, match="not fetched: ONRECORD_OFFLINE"):
        find_model("some/model", offline=True)
    with chat_server(text=TRUE) as (url, requests):  # loopback is this machine
        local = open_language_model(load_settings(base_url=url))
        assert offline.worded_by(local).ask("who was surprised?").sent_to == ""
    assert requests
    offline.close()


def test_the_environment_cannot_be_talked_out_of_offline_by_a_file(tmp_path: Path) -> None:
    said = write(tmp_path, ".env", "ONRECORD_OFFLINE=1\n")
    assert load_settings(environ={}, env_file=said, offline=False).offline
    with pytest.raises(SettingsError, match="use 1 or 0"):
        load_settings(environ={"ONRECORD_OFFLINE": "perhaps"}, env_file=None)


# --- what starts, and what is left behind ---


def test_no_module_of_the_current_folder_is_run(tmp_path: Path) -> None:
    for name in ("streamlit", "click", "numpy", "rag", "sqlite3", "tomllib"):
        write(tmp_path, f"{name}.py", f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})")
    with socket.socket() as taken:  # so that it ends once it has imported all that it serves with
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [str(Path(sys.executable).with_name("onrecord")), "chat", "--port", port]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "ONRECORD_PROVIDER": "none"})  # fmt: skip
    assert not (tmp_path / "ran").exists()
    assert (done.returncode, done.stderr) == (
        1, f"onrecord: Port {port} is taken. Name another: onrecord chat --port NUMBER\n",
    )  # fmt: skip


def test_an_exported_report_is_private(
    seeds_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write(tmp_path, "q.jsonl", '{"question": "who is Dennis Ross?"}\n')
    report = write(tmp_path, "report.json", "from before, readable by all")
    report.chmod(0o644)
    home = str(seeds_copy)
    assert main(["eval", str(questions), "--home", home, "--json", str(report)]) == 0
    capsys.readouterr()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ["www.evil.example", "http://evil.example", "me@evil.example", "[a](b)", "WWW.evil.ex"]
)
def test_words_of_documents_never_become_links(text: str) -> None:
    shown = escape(text)
    assert all(f"\\{mark}" in shown for mark in set(text) & set(":@[]()"))
    assert "www." not in shown.lower()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1+1"])
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    assert table_cell(text).startswith("'")
    assert table_cell("Storm on Tuesday") == "Storm on Tuesday"
