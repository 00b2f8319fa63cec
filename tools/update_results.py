#!/usr/bin/env python3
"""Put the tables of the latest sweep of each experiment into its README and results.csv, and two into README.md.

Usage: update_results.py EXPERIMENT... (run them first). What stands between <!-- results --> and <!-- /results --> is
replaced.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARKS = re.compile(r"<!-- results -->.*?<!-- /results -->", re.DOTALL)


def tables(folder: Path) -> list[str]:
    """Return the tables of a sweep, each with its heading one level lower."""
    text = (folder / "table.md").read_text(encoding="utf-8")
    return [part.replace("## ", "### ", 1).strip() for part in re.split(r"(?m)^(?=## )", text) if part.strip()]


def fill(path: Path, parts: list[str]) -> None:
    """Replace what stands between the marks of a file."""
    body = "<!-- results -->\n" + "\n\n".join(parts) + "\n<!-- /results -->"
    text = path.read_text(encoding="utf-8")
    if not MARKS.search(text):
        sys.exit(f"{path}: no <!-- results --> ... <!-- /results -->")
    path.write_text(MARKS.sub(lambda _: body, text), encoding="utf-8")


def main() -> None:
    """Update the experiments named."""
    for name in sys.argv[1:]:
        latest = max((ROOT / "runs" / name).glob("sweep-*/results.csv")).parent
        shutil.copy(latest / "results.csv", ROOT / "experiments" / name / "results.csv")
        parts = tables(latest)
        fill(ROOT / "experiments" / name / "README.md", parts)
        if name == "baselines":
            main_tables = [part for part in parts if " rows, " in part.splitlines()[0]]
            fill(ROOT / "README.md", main_tables[::-1])


if __name__ == "__main__":
    main()
