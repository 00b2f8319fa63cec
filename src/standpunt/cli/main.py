"""The `standpunt` command."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

import click

from standpunt import __version__
from standpunt.cli.agreement import agreement
from standpunt.cli.annotate import annotate
from standpunt.cli.check import check
from standpunt.cli.compare import compare
from standpunt.cli.completion import answer_shell
from standpunt.cli.corpus import corpus
from standpunt.cli.encoder import encoder
from standpunt.cli.estimate import estimate
from standpunt.cli.exchange import export, import_
from standpunt.cli.fetch import fetch
from standpunt.cli.issues import issues
from standpunt.cli.labels import labels
from standpunt.cli.llm import llm
from standpunt.cli.map import map_
from standpunt.cli.predict import predict
from standpunt.cli.read import motions, turns
from standpunt.cli.report import report
from standpunt.cli.run import run
from standpunt.cli.votes import votes
from standpunt.errors import StandpuntError
from standpunt.processes import TerminatedError, end_as_interrupted, raise_if_told


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="standpunt")
def cli() -> None:
    """Tell which side each contribution to a parliamentary debate takes on an issue, and by which arguments.

    Start with `standpunt predict REPORT --issues no_fly_zone --out stances.csv`. Every command explains itself with
    --help.
    """


for command in (
    fetch,
    turns,
    motions,
    check,
    corpus,
    labels,
    agreement,
    annotate,
    export,
    import_,
    run,
    compare,
    votes,
    predict,
    report,
    map_,
    estimate,
    issues,
    encoder,
    llm,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line: one sentence and an exit code for what goes wrong, no traceback."""
    _write_anything()
    end_as_interrupted()
    try:
        code = 0
        answer_shell(cli)
        # Not `cli.main`, which ends the process with 1 when the reader of a pipe has gone.
        with _told_to_end_before_all(), cli.make_context("standpunt", sys.argv[1:]) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:  # --help, --version
        code = done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = error.exit_code
    except StandpuntError as error:
        code = fail(str(error), error.exit_code)
    except click.ClickException as error:
        code = fail(error.format_message(), error.exit_code)
    except TerminatedError as error:
        code = fail("terminated", error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = fail("interrupted", 130)
    except BrokenPipeError:
        code = 0  # the reader has seen enough (`standpunt turns FILE | head`)
        _silence_stdout()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        _silence_stdout()
        code = fail(f"the output cannot be written ({error.strerror})", 1)
    sys.exit(code)


@contextmanager
def _told_to_end_before_all() -> Generator[None]:
    """Where a signal has asked the process to end, say that, whatever a library made of it."""
    try:
        yield
    except Exception:
        raise_if_told()
        raise


def fail(message: str, code: int) -> int:
    """Say on standard error what went wrong; return the exit code."""
    click.echo(f"standpunt: {message}", err=True)
    return code


def _write_anything() -> None:
    """Write UTF-8 to files and pipes; escape what a terminal cannot show, and names of files that are no Unicode."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _silence_stdout() -> None:
    """Keep the interpreter from writing what is left in the buffer once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
