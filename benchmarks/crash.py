"""Kills `onrecord sync` again and again; the next sync must find what a fresh one does.

    python benchmarks/crash.py [--kills 20 --files 300]

Prints one row a kill and a verdict; exits with 1 if a search differs from a fresh index.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rag import Assistant, Settings

QUESTIONS = ["who closed the bridge", "topic 7 storm", "harbour council vote", "marker 3"]
WORDS = "river bridge harbour council vote storm market school fire train closed delayed".split()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--files", type=int, default=300)
    options = parser.parse_args()
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as temporary:
        where = Path(temporary)
        folder, home = where / "documents", where / "home"
        folder.mkdir()
        for number in range(options.files):
            write_file(folder, number, chance)
        command = [sys.executable, "-m", "rag.cli", "sync", str(folder), "--home", str(home)]
        print("| kill | after s | next sync s | ok |\n|---|---|---|---|")
        bad = 0
        for kill in range(1, options.kills + 1):
            moment = chance.uniform(0.3, 12.0 if kill == 1 else 4.0)
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            time.sleep(moment)
            running.send_signal(signal.SIGKILL)
            running.wait()
            started = time.perf_counter()
            done = subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
            seconds = time.perf_counter() - started
            fresh_home = where / "fresh"
            shutil.rmtree(fresh_home, ignore_errors=True)
            same = done and snapshot(folder, home) == snapshot(folder, fresh_home, sync=True)
            bad += not same
            print(
                f"| {kill} | {moment:.1f} | {seconds:.1f} | {'yes' if same else 'NO'} |", flush=True
            )
            # New work for the next round: edits, additions, removals.
            for _ in range(10):
                write_file(folder, chance.randrange(options.files * 2), chance)
            for path in chance.sample(sorted(folder.iterdir()), 5):
                path.unlink()
        print(f"\n{options.kills - bad} of {options.kills} recovered.")
    return int(bad > 0)


def write_file(folder: Path, number: int, chance: random.Random) -> None:
    lines = [
        f"Report {number} marker {i}: the {chance.choice(WORDS)} {chance.choice(WORDS)} of topic "
        f"{chance.randrange(50)} met the {chance.choice(WORDS)} on day {chance.randrange(99)}."
        for i in range(8)
    ]
    (folder / f"file{number:04}.txt").write_text("\n".join(lines), encoding="utf-8")


def snapshot(folder: Path, home: Path, *, sync: bool = False) -> list[object]:
    assistant = Assistant(Settings(home=home, documents=folder, rerank="off"))
    if sync:
        assistant.sync()
    seen: list[object] = [assistant.list_documents(), assistant.status()["vectors"]]
    for question in QUESTIONS:
        hits = assistant.search(question, k=10)
        seen.append([(h.passage, round(h.score, 4)) for h in hits])
    assistant.close()
    return seen


if __name__ == "__main__":
    raise SystemExit(main())
