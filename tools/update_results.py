#!/usr/bin/env python3
"""Put the tables of the latest sweep of each experiment into its README.

Usage: update_results.py EXPERIMENT... (run them first). What stands between <!-- results --> and <!-- /results --> is
replaced. results.csv gets the scores, results.json the hash of the configuration of each run, so that a test can tell
whether they are of the experiment.yaml that stands beside them.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pandas as pd

from standpunt.results.runs import ENVIRONMENT, Run, latest, runs_in
from standpunt.storage.files import write_text
from studies import EXPERIMENTS, RECORD, ROOT, fill, fingerprint, run_fingerprint, study_runs
from study_tables import FURTHER, INSTEAD


def tables(folder: Path) -> list[str]:
    """Return the tables of a sweep, each with its heading."""
    text = (folder / "table.md").read_text(encoding="utf-8")
    return [part for part in re.split(r"(?m)^(?=## )", text) if part.strip()]


def record(name: str, runs: list[Run]) -> str:
    """Return results.json of a sweep: the hash of each run's configuration and of the data, as JSON."""
    wanted = {overrides: fingerprint(config) for overrides, config in study_runs(name).items()}
    finished = {run_fingerprint(run) for run in runs if run.finished}
    lacking = [overrides for overrides, digest in wanted.items() if digest not in finished]
    if lacking or len(finished) > len(wanted):
        sys.exit(
            f"{runs[0].folder.parent}: these are not the runs of experiments/{name}/experiment.yaml as it stands "
            f"({len(lacking)} of {len(wanted)} are missing, e.g. {lacking[:1]}); run it again"
        )
    data: dict[str, str] = {}
    for run in runs:
        data |= json.loads((run.folder / ENVIRONMENT).read_text(encoding="utf-8"))["data"]
    return json.dumps({"config": wanted, "data": dict(sorted(data.items()))}, indent=1) + "\n"


def update(name: str) -> None:
    """Update the committed results of an experiment from its latest sweep."""
    folder = latest(ROOT / "runs" / name, "sweep-")
    if folder is None or not (folder / "results.csv").is_file():
        sys.exit(f"runs/{name}: no finished sweep; run standpunt run experiments/{name}")
    runs = runs_in(folder)
    written = record(name, runs)
    further = FURTHER[name](runs) if name in FURTHER else []
    standard = [] if name in INSTEAD else tables(folder)
    fill(name, [*standard, *(table.to_markdown() for table in further)])
    if name in INSTEAD:  # dozens of runs: without the scores of each party
        scores = pd.read_csv(folder / "results.csv", dtype=str, keep_default_na=False)
        scores[scores["by"] == "overall"].to_csv(EXPERIMENTS / name / "results.csv", index=False)
    else:
        shutil.copy(folder / "results.csv", EXPERIMENTS / name / "results.csv")
    write_text(EXPERIMENTS / name / RECORD, written)


if __name__ == "__main__":
    for experiment in sys.argv[1:]:
        update(experiment)
