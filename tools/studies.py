"""The studies under experiments/: the runs that a study's experiment.yaml asks for, and what they need to be there."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from urllib.request import urlopen

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from standpunt.cli.plan import make_plan
from standpunt.corpora.corpus import TranscriptMissing, load_corpus
from standpunt.corpora.outside.data_set import DATA_SETS
from standpunt.experiment.config import Config, to_config
from standpunt.experiment.run import config_hash
from standpunt.results.runs import Run
from standpunt.storage.files import write_text

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENTS = ROOT / "experiments"
LANGUAGE_MODEL = "llm"  # the family that asks a server
RECORD = "results.json"  # beside results.csv: of which configurations the figures are


def studies() -> list[str]:
    """Return the names of the studies whose figures have the hashes of their configurations beside them."""
    return sorted(path.parent.name for path in EXPERIMENTS.glob(f"*/{RECORD}"))


def swept(name: str) -> dict[str, list[str]]:
    """Return the settings that a study's experiment.yaml sweeps over, each with its values."""
    settings = yaml.safe_load((EXPERIMENTS / name / "experiment.yaml").read_text(encoding="utf-8"))
    params = settings.get("hydra", {}).get("sweeper", {}).get("params", {})
    parsed = OverridesParser.create().parse_overrides([f"{key}={value}" for key, value in params.items()])
    return {
        str(item.key_or_group): [*item.sweep_string_iterator()] if item.is_sweep_override() else [str(given)]
        for item, given in zip(parsed, params.values(), strict=True)
    }


def study_runs(name: str) -> dict[str, Config]:
    """Compose every run of a study's sweep from its experiment.yaml as it stands.

    Returns:
        The configuration of each run by the overrides that make it, in the order of the sweep.
    """
    folder = EXPERIMENTS / name
    plan = make_plan(folder, "experiment", (), multirun=False)
    choices = [[f"{setting}={value}" for value in values] for setting, values in swept(name).items()]
    compose = cache(plan.compose)
    runs = {}
    for overrides in product(*choices):
        # A seed is no group: it is put in afterwards, since composing is what takes time.
        seeds = [int(item.removeprefix("seed=")) for item in overrides if item.startswith("seed=")]
        config = compose(*(item for item in overrides if not item.startswith("seed=")))
        runs[" ".join(overrides)] = replace(config, seed=seeds[0]) if seeds else config
    return runs


def fingerprint(config: Config) -> str:
    """Return the hash of a configuration, the same wherever the data of the user lie."""
    path = config.corpus.path
    if path is not None and Path(path).is_relative_to(config.paths.data):
        path = str(Path(path).relative_to(config.paths.data))
    return config_hash(replace(config, corpus=replace(config.corpus, path=path)))


def run_fingerprint(run: Run) -> str:
    """Return the hash of the configuration of a run.

    It is read with today's schema: a key that was added since, with a default, changes all hashes but no run.
    """
    return fingerprint(to_config(OmegaConf.create(run.config())))


def fill(name: str, tables: Sequence[str], mark: str = "results") -> None:
    """Put tables (Markdown) between the marks of a study's README, each with its heading one level lower."""
    path, begin, end = EXPERIMENTS / name / "README.md", f"<!-- {mark} -->", f"<!-- /{mark} -->"
    text = path.read_text(encoding="utf-8")
    marked = re.compile(f"{begin}.*?{end}", re.DOTALL)
    if not marked.search(text):
        sys.exit(f"{path}: no {begin} ... {end}")
    body = "\n\n".join(table.replace("## ", "### ", 1).strip() for table in tables)
    write_text(path, marked.sub(lambda _: f"{begin}\n{body}\n{end}", text))


def missing(name: str) -> list[str]:
    """Return what a study trains on, is about or asks, and is not at hand on this machine."""
    return not_at_hand(study_runs(name).values())


def not_at_hand(runs: Iterable[Config]) -> list[str]:
    """Return what runs train on, are about or ask, and is not at hand on this machine: corpora, then servers."""
    needed: dict[str, None] = {}
    asked: dict[tuple[str, str], None] = {}
    for config in runs:
        if config.model.family == LANGUAGE_MODEL:
            asked[config.model.base_url, config.model.model] = None
        needed |= dict.fromkeys([config.corpus.name, *config.corpus.also])
        if config.split.name == "train_test":  # there are no other rows to test on
            needed |= dict.fromkeys(config.evaluation.test)
    lacking = [corpus for corpus in needed if not at_hand(corpus)]
    return lacking + [f"{model} at {address}" for address, model in asked if not served(address, model)]


@cache
def served(address: str, model: str) -> bool:
    """Tell whether a server of language models answers at an address and has a model of this name."""
    try:
        with urlopen(f"{address}/models", timeout=10) as answer:
            return model in [item["id"] for item in json.load(answer)["data"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False


@cache
def at_hand(corpus: str) -> bool:
    """Tell whether a corpus ships with its texts, or its texts or data are found on this machine."""
    if corpus in DATA_SETS.names():
        return DATA_SETS.get(corpus).path(os.environ.get("STANDPUNT_DATA", "data")).exists()
    try:
        load_corpus(corpus)
    except TranscriptMissing:
        return False
    return True
