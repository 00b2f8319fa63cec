#!/usr/bin/env python3
"""Run experiments and put their figures into their README.md, results.csv and results.json.

Usage: run_experiments.py EXPERIMENT... An experiment is skipped where its data or servers are not at hand.
"""

from __future__ import annotations

import subprocess
import sys

from studies import EXPERIMENTS, ROOT, missing


def main() -> None:
    """Run the experiments named, one after the other; a failed one ends with its exit code after the others."""
    code = 0
    for name in sys.argv[1:]:
        lacking = missing(name)
        if lacking:
            print(f"{name}: skipped, not at hand: {', '.join(lacking)}; its README.md says what it needs")
            continue
        print(f"{name}:", flush=True)
        for command in (["-m", "standpunt", "run", str(EXPERIMENTS / name)], ["tools/update_results.py", name]):
            done = subprocess.run([sys.executable, *command], cwd=ROOT, check=False)
            code = code or done.returncode
            if done.returncode:
                break
    sys.exit(code)


if __name__ == "__main__":
    main()
