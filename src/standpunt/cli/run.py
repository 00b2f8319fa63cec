"""`standpunt run`: experiments from configuration files, under Hydra."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.output import print_results
from standpunt.errors import InputError, RunError, StandpuntError, unknown_name
from standpunt.paths import configs_dir, experiments_dir

if TYPE_CHECKING:
    from standpunt.summary import Summary

CONFIG_NAME = "experiment"


@click.command()
@click.argument("experiment")
@click.argument("overrides", nargs=-1)
@click.option("-m", "--multirun", is_flag=True, help="Sweep over comma-separated values, e.g. model=tfidf,majority.")
@click.option("--show-config", is_flag=True, help="Print the composed configuration and stop.")
def run(experiment: str, overrides: tuple[str, ...], multirun: bool, show_config: bool) -> None:
    """Run EXPERIMENT: a folder with experiment.yaml (experiments/NAME), a shipped NAME, or a YAML file.

    OVERRIDES are Hydra's, e.g. model=tfidf seed=1 evaluation.resamples=200.
    """
    folder, name = locate(experiment)
    arguments = ["--config-dir", str(folder), "--config-name", name, *overrides]
    with _wording_errors():
        check_config(folder, name, overrides)
        if show_config:
            arguments += ["--cfg", "job", "--resolve"]
        elif multirun:
            arguments.append("--multirun")
        where = _hydra(arguments)
    if where is not None:
        report(where)


def locate(experiment: str) -> tuple[Path, str]:
    """Return the folder of an experiment's configuration and the name of the file in it, without suffix.

    Raises:
        InputError: there is no such experiment.
    """
    path = Path(experiment)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path.parent.resolve(), path.stem
    for folder in (path, experiments_dir() / experiment, experiments_dir() / path.name):
        if (folder / f"{CONFIG_NAME}.yaml").is_file():
            return folder.resolve(), CONFIG_NAME
    shipped = sorted(folder.parent.name for folder in experiments_dir().glob(f"*/{CONFIG_NAME}.yaml"))
    raise unknown_name("experiment", experiment, shipped)


def report(where: Path) -> None:
    """Print the tables of the runs under a folder and where to find them; a failed run ends in an error.

    Raises:
        StandpuntError: a run failed, with the exit code of what was wrong.
    """
    from standpunt.runs import STATUS
    from standpunt.summary import summarise_folder

    summary = summarise_folder(where)
    for table in summary.tables:
        print_results(table)
    for reason in summary.skipped:
        click.echo(f"Not tested: {reason}\n")
    single = (where / STATUS).is_file()
    if not single:
        summary.write(where)
    if not (single and summary.failed):
        click.echo(f"run folder: {where}\npage: {where / 'report.html'}")
    if summary.failed:
        _fail(summary, single)


def _fail(summary: Summary, single: bool) -> None:
    first = summary.failed[0]
    codes = {run.status["exit_code"] for run in summary.failed}
    messages = {run.status["error"] for run in summary.failed}
    if single:
        error: StandpuntError = RunError(f"{first.status['error']} (run folder: {first.folder})")
    elif len(messages) == 1 and not summary.tables:
        error = RunError(f"{messages.pop()} (all {len(summary.failed)} runs failed: {first.folder.parent})")
    else:
        click.echo("\nfailed runs:", err=True)
        for run in summary.failed:
            click.echo(f"  {run.folder.name}: {run.status['error']}", err=True)
        error = RunError(f"{len(summary.failed)} of the runs failed; see error.log in their folders")
    error.exit_code = codes.pop() if len(codes) == 1 else 1
    raise error


def check_config(folder: Path, name: str, overrides: Sequence[str]) -> None:
    """Compose the configuration once before anything runs, with the first value of what is swept over.

    Raises:
        InputError: it does not fit the schema.
        HydraException: it cannot be composed.
    """
    from hydra import compose, initialize_config_dir
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from standpunt.config import register_schema, to_config

    register_schema()
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    fixed = [
        f"{override.key_or_group}={next(override.sweep_string_iterator())}" if override.is_sweep_override() else text
        for text, override in zip(overrides, parsed, strict=True)
    ]
    with initialize_config_dir(config_dir=str(folder), version_base="1.3"):
        to_config(compose(name, overrides=[*fixed, f"hydra.searchpath=[file://{configs_dir()}]"]))


@contextmanager
def _wording_errors() -> Generator[None]:
    """Turn what Hydra and OmegaConf raise into one sentence."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    from standpunt.config import config_error

    try:
        yield
    except HydraException as error:
        raise InputError(f"configuration: {_sentence(error)}") from None
    except OmegaConfBaseException as error:
        raise config_error(error) from None
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(
            f"{error.filename}: run folders cannot be made there ({error.strerror}); set paths.runs to another folder"
        ) from None


def _hydra(arguments: list[str]) -> Path | None:
    """Hand over to Hydra; return the folder of the run or sweep, None where nothing was run."""
    import hydra
    from hydra.errors import HydraException

    from standpunt.sweep import SweepRecorder, job

    # Without this Hydra prints errors itself and ends the process; they are ours to word.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    before = sys.argv
    sys.argv = ["standpunt run", *arguments]
    try:
        hydra.main(version_base="1.3", config_path=str(configs_dir()))(job)()
    except HydraException:
        _forget_empty_sweep(SweepRecorder.folder)
        raise
    finally:
        sys.argv = before
    if SweepRecorder.error is not None and SweepRecorder.folder is None:
        raise SweepRecorder.error
    return SweepRecorder.folder


def _forget_empty_sweep(folder: Path | None) -> None:
    """Remove the folder of a sweep that ended before its first job."""
    if folder is not None and folder.is_dir() and not any(path.is_dir() for path in folder.iterdir()):
        shutil.rmtree(folder)


def _sentence(error: Exception) -> str:
    """Put what Hydra says in several lines into one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    unknown = re.fullmatch(r"Could not override '(.+)'\.", lines[0])
    if unknown:
        return f"unknown key {unknown[1]!r}; --show-config prints the keys there are"
    end = next(
        (index for index, line in enumerate(lines) if line.startswith(("Config search path", "See "))), len(lines)
    )
    head, tail = lines[:2], lines[2:end]
    return "; ".join(line.rstrip(".") for line in head) + (f" {', '.join(tail)}" if tail else "")
