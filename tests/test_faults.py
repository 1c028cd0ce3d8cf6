"""Cut off at named steps, by a kill or a full disk, everything recovers and nothing told is lost.

Twenty faults of the campaign of a thousand (benchmarks/crash.py, benchmarks/RESULTS.md), in a
process of their own: its forks want a parent that has no threads.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rag import faults
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are injected into forks")


def test_twenty_faults_at_named_steps_recover() -> None:
    run = subprocess.run(
        [sys.executable, "benchmarks/crash.py", "--faults", "20", "--seed", "3"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "20 of 20 faults recovered" in run.stdout


def test_nothing_outside_this_process_can_arm_a_fault() -> None:
    """A variable or a setting that did would let whoever sets it end the product."""
    source = Path(faults.__file__).read_text(encoding="utf-8")
    assert not re.search(r"environ|getenv|settings", source)
    seen: list[str] = []
    with faults.watching(seen.append):
        faults.step("sync.commit")
    faults.step("sync.commit")
    assert seen == ["sync.commit"]


def test_every_step_where_a_disk_may_fill_is_one_that_is_taken() -> None:
    taken = {
        name
        for path in (ROOT / "rag").glob("**/*.py")
        for name in re.findall(r"""step\(f?"([^"]+)"\)""", path.read_text(encoding="utf-8"))
    }
    for database in ("library", "people"):
        taken |= {n.replace("{self._name}", database).replace("{name}", database) for n in taken}
    source = (ROOT / "benchmarks" / "crash.py").read_text(encoding="utf-8")
    named = source.split("WRITES = (")[1].split(")")[0]
    assert set(re.findall(r'"([^"]+)"', named)) <= taken
