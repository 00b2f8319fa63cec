"""`standpunt run`: experiments from configuration files, composed by Hydra."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.completion import complete_experiment, complete_override, install_script
from standpunt.cli.config_errors import wording_errors
from standpunt.cli.llm_costs import count_runs, say_spending
from standpunt.cli.output import print_results
from standpunt.cli.plan import BASIC, Plan, locate, make_plan, settings_of
from standpunt.cli.progress import say, show, training_progress, working
from standpunt.errors import InputError, RunError, StandpuntError
from standpunt.storage.locks import claimed, make_folder
from standpunt.storage.paths import configs_dir

if TYPE_CHECKING:
    from standpunt.results.runs import Run
    from standpunt.results.summary import Summary

LOADING = "loading the program"
ADVICE = "set paths.runs to another folder"


@click.command()
@click.argument("experiment", shell_complete=complete_experiment)
@click.argument("overrides", nargs=-1, shell_complete=complete_override)
@click.option(
    "-m", "--multirun", is_flag=True, help="Run every combination of comma-separated values, e.g. model=tfidf,majority."
)
@click.option("--show-config", is_flag=True, help="Print the composed configuration and run nothing.")
@click.option(
    "--cfg",
    "-c",
    type=click.Choice(["job", "hydra", "all"]),
    help="Print the configuration as Hydra composes it (--show-config adds the defaults of families and protocols).",
)
@click.option("--package", "-p", help="With --cfg, print this part of it only, e.g. model.")
@click.option("--resolve", is_flag=True, help="With --cfg, put values in the place of references to them.")
@click.option(
    "--info",
    "-i",
    is_flag=False,
    flag_value="all",
    type=click.Choice(["all", "config", "defaults", "defaults-tree", "plugins", "searchpath"]),
    help="Print what Hydra knows of how the configuration is composed.",
)
@click.option(
    "--shell-completion",
    "-sc",
    metavar="install=SHELL",
    is_eager=True,
    expose_value=False,
    callback=install_script,
    help='Print what bash, zsh or fish evaluates to complete commands: eval "$(standpunt run -sc install=bash)".',
)
@click.option(
    "--resume", is_flag=True, help="Continue the latest sweep or search of the experiment, with what did not finish."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Ask no language model and write nothing: count what would be asked, and say what it would cost.",
)
@click.option("--fail-fast", is_flag=True, help="In a sweep, start no more runs after one has failed.")
def run(
    experiment: str,
    overrides: tuple[str, ...],
    multirun: bool,
    show_config: bool,
    cfg: str | None,
    package: str | None,
    resolve: bool,
    info: str | None,
    resume: bool,
    dry_run: bool,
    fail_fast: bool,
) -> None:
    """Run an experiment: train and test models as its file says.

    EXPERIMENT is a YAML file, a folder with a file experiment.yaml, or the name of an experiment that comes with the
    package, such as baselines.

    OVERRIDES change settings of the experiment, in the notation of Hydra, e.g. model=tfidf seed=1
    evaluation.resamples=200.
    """
    folder, name = locate(experiment)
    if fail_fast:
        overrides += ("fail_fast=true",)
    with wording_errors(folder / f"{name}.yaml", overrides, lambda: settings_of(folder, name)):
        with working("reading the configuration"):
            plan = make_plan(folder, name, overrides, multirun=multirun)
        if show_config:
            from standpunt.experiment.config import to_yaml

            click.echo(to_yaml(plan.config), nl=False)
            return
        if cfg or info:
            shown = ["--cfg", cfg] if cfg else ["--info", str(info)]
            shown += ["--package", package] if package else []
            _hydra(plan, [*overrides, *shown, *(["--resolve"] if resolve else [])])
            return
        if dry_run:
            count_runs(plan)
            return
        with _no_empty_folders(plan.runs_folder):
            if plan.config.search.sampler is not None:
                where = _search(plan, multirun=multirun, resume=resume)
            else:
                where = _runs(plan, overrides, multirun=multirun, resume=resume)
            say_spending()
            if where is not None:
                print_summary(where)


def _runs(plan: Plan, overrides: tuple[str, ...], *, multirun: bool, resume: bool) -> Path | None:
    from standpunt.cli.run_progress import run_progress
    from standpunt.experiment.config import quoted

    with working(LOADING):
        from standpunt.experiment.sweep import SweepRecorder
    from standpunt.experiment.progress import Progress
    from standpunt.results.runs import remove_leftovers, runs_in

    if resume and not plan.sweep:
        raise InputError("--resume goes on with a sweep; to repeat a single run, leave it out")
    latest = _latest(plan, "sweep-") if resume else None
    where = latest or plan.place
    arguments = [*overrides]
    if plan.sweep:
        arguments.append(f"hydra.sweep.dir={quoted(str(where))}")
    if multirun:
        arguments.append("--multirun")
    SweepRecorder.resumed = resume
    SweepRecorder.progress = Progress(say, show)
    if not plan.sweep:
        make_folder(where, ADVICE)
    with claimed(where, ADVICE) if plan.sweep else nullcontext():
        if latest is not None:
            click.echo(f"resuming {where}: {sum(item.finished for item in runs_in(where))} runs are finished\n")
        try:
            with working(LOADING), run_progress(plan.runs, lambda: SweepRecorder.folder), training_progress():
                return _hydra(plan, arguments)
        except KeyboardInterrupt:
            if plan.sweep:
                remove_leftovers(where)  # of processes that the launcher killed
            raise


def _search(plan: Plan, *, multirun: bool, resume: bool) -> Path:
    with working(LOADING):
        from standpunt.experiment.search import run_search
    from standpunt.experiment.progress import Progress

    if multirun or plan.swept:
        raise InputError("configuration: a search is no sweep; leave out -m and values with commas, or set search=none")
    where = _latest(plan, "search-") if resume else None
    with working(LOADING), training_progress():
        outcome = run_search(plan.compose, plan.runs_folder, where, progress=Progress(say, show))
    click.echo(f"best of {outcome.trials} trials, macro-F1 on dev {outcome.value:.4f}: {' '.join(outcome.overrides)}")
    click.echo(f"trials: {outcome.folder / 'trials.csv'}\n")
    return outcome.run.folder


def _latest(plan: Plan, prefix: str) -> Path | None:
    from standpunt.results.runs import latest

    return latest(plan.runs_folder, prefix)


@contextmanager
def _no_empty_folders(parent: Path) -> Generator[None]:
    """Remove, when the block ends, the folders above runs that it made and left empty."""
    new = [path for path in (parent, *parent.parents) if not path.exists()]
    try:
        yield
    finally:
        for path in new:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def print_summary(where: Path) -> None:
    """Print the tables of the runs under a folder and where to find them; a failed run ends in an error.

    Where every run failed for something in what was given, no folder is left.

    Raises:
        StandpuntError: a run failed, with the exit code of what was wrong.
    """
    from standpunt.results.runs import MODEL, STATUS
    from standpunt.results.summary import summarise_folder

    with working("making the tables"):
        summary = summarise_folder(where)
    for table in summary.tables:
        print_results(table)
    for reason in summary.skipped:
        click.echo(f"Not tested: {reason}\n")
    for sentence in summary.labels:
        click.echo(f"Note: {sentence}\n")
    single = (where / STATUS).is_file()
    if summary.failed and not summary.comparisons and all(_given_wrongly(run) for run in summary.failed):
        _refuse(summary, where)
    if not single:
        summary.write(where)
    if not (single and summary.failed):
        model = f"\nmodel: {where / MODEL}" if (where / MODEL).is_dir() else ""
        click.echo(f"run folder: {where}{model}\npage: {where / 'page.html'}")
    if summary.failed:
        _fail(summary, single)


def _given_wrongly(run: Run) -> bool:
    return run.status["exit_code"] == InputError.exit_code


def _refuse(summary: Summary, where: Path) -> None:
    """Remove the folder of runs that all failed for what was given, and say why.

    Raises:
        InputError: always.
    """
    from standpunt.results.runs import SET_ASIDE

    if not (where / SET_ASIDE).exists():
        shutil.rmtree(where)
    first, *others = dict.fromkeys(run.status["error"] for run in summary.failed)
    for message in others:
        click.echo(f"standpunt: {message}", err=True)
    raise InputError(first)


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
        lines = [(f"job {run.status['job']}", run.folder.name, run.status["error"]) for run in summary.failed]
        job_width, name_width = (max(len(line[column]) for line in lines) for column in (0, 1))
        for job, name, message in lines:
            click.echo(f"  {job:<{job_width}}  {name:<{name_width}}  {' '.join(message.split())}", err=True)
        error = RunError(
            f"{len(summary.failed)} of the runs failed; see error.log in their folders; --resume repeats them"
        )
    error.exit_code = codes.pop() if len(codes) == 1 else 1
    raise error


def _hydra(plan: Plan, arguments: list[str]) -> Path | None:
    """Hand over to Hydra; return the folder of the run or sweep, None where nothing was run."""
    import hydra
    from hydra.errors import HydraException

    from standpunt.experiment.sweep import SweepRecorder, job

    # Without this Hydra prints errors itself and ends the process; they are ours to word.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    before = sys.argv
    sys.argv = ["standpunt run", "--config-dir", str(plan.folder), "--config-name", plan.name, *arguments]
    try:
        hydra.main(version_base="1.3", config_path=str(configs_dir()))(job)()
    except HydraException:
        _forget_empty_sweep(SweepRecorder.folder)
        raise
    except (StandpuntError, OSError):
        raise
    except Exception as error:
        if not plan.sweep or plan.launcher == BASIC:
            raise
        lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
        reason = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        raise RunError(
            f"hydra/launcher={plan.launcher} ended early ({type(error).__name__}: {reason}); what finished is kept in "
            f"{SweepRecorder.folder}, and --resume goes on with the rest"
        ) from error
    finally:
        sys.argv = before
    if SweepRecorder.error is not None and SweepRecorder.folder is None:
        raise SweepRecorder.error
    return SweepRecorder.folder


def _forget_empty_sweep(folder: Path | None) -> None:
    """Remove the folder of a sweep that ended before its first job."""
    if folder is not None and folder.is_dir() and not any(path.is_dir() for path in folder.iterdir()):
        shutil.rmtree(folder)
