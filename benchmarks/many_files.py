"""How many small reports a second become predictions: a Parquet file each, or gathered.

The reports are a few turns each of the fictional debates, no two alike. Seconds are those of the clock; on a machine
that has other work read those of the processors, of all processes together. A second call with nothing to do follows.

Usage: OMP_NUM_THREADS=1 python benchmarks/many_files.py [--files 2000] [--workers 2] [--model standpunt-nl]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from standpunt import load_corpus
from standpunt.debate import Turn

ISSUES = "no_fly_zone,frozen_assets,boots_on_the_ground"
_TURNS = 6


def write_reports(folder: Path, number: int) -> None:
    """Write so many small reports: windows of turns of the fictional debates, then the same further on."""
    debates = [item.debate for item in load_corpus("fictional").debates]
    written = 0
    for start in count():
        for debate in debates:
            turns = debate.turns[start : start + _TURNS]
            if len(turns) < 2:
                continue
            text = "".join(f"{_header(turn)}:\n{turn.text}\n\n" for turn in turns)
            (folder / f"{written:05d}.txt").write_text(f"Aan de orde is verslag {written}.\n\n{text}", encoding="utf-8")
            written += 1
            if written == number:
                return


def _header(turn: Turn) -> str:
    speaker = turn.speaker
    return "De voorzitter" if speaker.role == "chair" else f"De heer {speaker.name} ({speaker.party or 'Geel'})"


def timed(command: list[str]) -> tuple[float, float, str]:
    """Run a command; return its seconds by the clock and of all processors, and the last line that it says."""
    clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - clock, used, done.stderr.strip().splitlines()[-1]


def main() -> None:
    """Measure and print a line a call."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", default="standpunt-nl")
    parser.add_argument("--sizes", nargs="*", default=["0", "1"], help="values of --part-size")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        reports = Path(place) / "reports"
        reports.mkdir()
        write_reports(reports, options.files)
        size = sum(path.stat().st_size for path in reports.iterdir())
        print(f"{options.files} reports, {size / options.files / 1000:.1f} kB each; {options.workers} workers")
        for part_size in options.sizes:
            out = Path(place) / f"out-{part_size}"
            command = [sys.executable, "-m", "standpunt", "predict", options.model, str(reports), "--issues", ISSUES]
            command += ["--out", str(out), "--workers", str(options.workers), "--part-size", part_size]
            for call in ("all", "nothing to do"):
                seconds, used, said = timed(command)
                parts = len(list(out.glob("year=*/part-*")))
                rate = f"{options.files / seconds:.0f} files/s, {options.files / used:.0f} a processor second"
                print(f"--part-size {part_size}, {call}: {seconds:.1f} s, {used:.1f} s used; {rate}")
                print(f"  {parts} Parquet files; {said}", flush=True)


if __name__ == "__main__":
    main()
