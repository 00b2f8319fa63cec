"""The fenced blocks of a page of the documentation, run as a reader would."""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from glob import glob
from pathlib import Path

from forked import run_standpunt

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.glob("c*/*.md")) + [
    "index.md",
    "own-debate.md",
    "tables.md",
]
BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL)
SNIPPET = re.compile(r'^--8<-- "(.+)"$', re.MULTILINE)
HIDDEN = ("STANDPUNT_TRANSCRIPTS", "STANDPUNT_DATA", "HYDRA_FULL_ERROR")


def blocks(text):
    """Yield kind, title and body of each fenced block, included files in place."""
    for found in BLOCK.finditer(text):
        body = SNIPPET.sub(lambda name: (DOCS / name[1]).read_text("utf-8").rstrip("\n"), found["body"])
        yield found["kind"], found["title"], body


def run_page(text, folder):
    """Run a page in a folder, which must be the working directory.

    A block with a title is a file. Python blocks share a namespace; a text block behind one is what it prints. In
    console blocks, lines behind a command are what it prints. "..." stands for anything.
    """
    namespace, printed = {}, None
    for kind, title, body in blocks(text):
        if title is not None:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(body, encoding="utf-8")
        elif kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(body, "page", "exec"), namespace)
            printed = output.getvalue()
            continue
        elif kind == "text" and printed is not None:
            expect(body, printed)
        elif kind == "console":
            for call in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                line, _, expected = call.partition("\n")
                expect(expected, run_line(line, folder))
        printed = None


def run_line(line, folder):
    """Run a command line and return what it prints; it must end well."""
    name, *given = shlex.split(line, comments=True)
    arguments = [path for word in given for path in (sorted(glob(word, root_dir=folder)) if "*" in word else [word])]
    environment = {key: value for key, value in os.environ.items() if key not in HIDDEN} | {"OMP_NUM_THREADS": "1"}
    if name == "standpunt":
        done = run_standpunt(arguments, folder, environment)
    else:
        program = {"python": sys.executable}[name]
        options = {"cwd": folder, "env": environment, "capture_output": True, "encoding": "utf-8", "check": False}
        done = subprocess.run([program, *arguments], **options)
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout.removeprefix("\ufeff")  # the mark of CSV shows nowhere


def expect(wanted, got):
    """Compare what was printed with what the page says."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(wanted, got, flags), f"the page says\n{wanted}\nbut printed was\n{got}"
