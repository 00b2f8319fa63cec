"""How much memory a table takes that is ten times as long: rows are streamed, so it should be hardly more.

The texts are ten words of the fictional debates each. The peak of a whole `standpunt predict` is measured.

Usage: OMP_NUM_THREADS=1 python benchmarks/table_memory.py [--rows 100000] [--model standpunt-nl]
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import tempfile
from pathlib import Path

from standpunt import load_corpus

_WORDS, _TIMES = 10, 10


def write_table(path: Path, rows: int) -> None:
    """Write a CSV file of so many short texts."""
    words = [
        word for item in load_corpus("fictional").debates for turn in item.debate.turns for word in turn.text.split()
    ]
    draw = random.Random(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "party", "date"])
        for number in range(rows):
            place = draw.randrange(len(words) - _WORDS)
            text = " ".join(words[place : place + _WORDS])
            writer.writerow([f"r{number}", text, draw.choice(["Geel", "Blauw"]), "2040-05-14"])


def peak(command: list[str]) -> tuple[float, float]:
    """Run a command; return its peak of memory in MB and the seconds of its processor."""
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit("the command failed")
    return used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def main() -> None:
    """Measure both tables and print the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--model", default="standpunt-nl")
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in (given.rows, _TIMES * given.rows):
            table, out = Path(folder, f"{rows}.csv"), Path(folder, f"{rows}.parquet")
            write_table(table, rows)
            options = ["--issues", "no_fly_zone", "--anyway", "--out", str(out)]
            command = [sys.executable, "-m", "standpunt", "predict", given.model, str(table), *options]
            found.append(peak(command))
            print(f"{rows:,} rows: {found[-1][0]:.0f} MB, {found[-1][1]:.0f} s of processor")
    print(f"{_TIMES} times the rows: {found[1][0] / found[0][0]:.2f} times the memory")


if __name__ == "__main__":
    main()
