"""A package of somebody else adds one thing of each kind; it is built, installed into a folder, and used."""

import csv
import os
import subprocess
import sys
import textwrap
import zipfile

import pytest

MODULE = '''
"""A model family, a reader, a protocol, a data set and a tracker, each as small as it can be."""

import json
from dataclasses import dataclass

import numpy as np

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.rows import column
from standpunt.debate import Debate, Speaker, Turn
from standpunt.experiment.tracking import Tracker
from standpunt.models import Model, ModelConfig
from standpunt.readers.formats import Format
from standpunt.splits import Division, Protocol, SplitConfig


@dataclass
class LengthConfig(ModelConfig):
    name: str = "length"
    family: str = "length"


class Length(Model):
    """The share of each label among short texts and among long ones."""

    config_class = LengthConfig

    def _fit(self, train, gold, dev, seed):
        long = self._long(train)
        counts = [np.bincount(gold[long == side], minlength=len(self.labels)) + 1.0 for side in (False, True)]
        self.shares = np.array([part / part.sum() for part in counts])

    def _predict_proba(self, rows):
        return self.shares[self._long(rows).astype(int)]

    def _save_weights(self, folder):
        (folder / "shares.json").write_text(json.dumps(self.shares.tolist()))

    def _load_weights(self, folder):
        self.shares = np.array(json.loads((folder / "shares.json").read_text()))

    def _long(self, rows):
        return np.array([len(text) > 40 for text in column(rows, "text")])


@dataclass
class EveryConfig(SplitConfig):
    name: str = "every_so_many"
    step: int = 3


class EverySoMany(Protocol):
    settings_class = EveryConfig
    words = "every so many rows out"

    def divide(self, rows, duplicates, seed):
        tested = np.arange(len(rows)) % self.settings.step == 0
        yield Division(np.flatnonzero(~tested), {"some": np.flatnonzero(tested)})


def tiny_rows(path, task):
    for number, line in enumerate(path.read_text().splitlines()):
        label, text = line.split(" ", 1)
        yield {
            "id": str(number), "debate": f"d{number % 6}", "date": None, "turn": str(number),
            "speaker": f"s{number % 7}", "party": None, "role": "member", "issue": "bridge",
            "proposition": "The bridge must be green.", "text": text, "label": label, "language": "en",
        }


TINY = DataSet("tiny", "tiny.txt", ("stance",), tiny_rows)


def read_lines(report, debate_id):
    turns = []
    for ordinal, line in enumerate(report.text.splitlines()[1:], start=1):
        name, text = line.split("> ", 1)
        speaker = Speaker(name, None, "member")
        turns.append(Turn(f"x-{ordinal}", ordinal, speaker, "speech", 1, name, None, None, None, text))
    yield Debate(debate_id or "x", "A chat", tuple(turns))


CHAT = Format("chat", xml=False, sniff=lambda report: report.head.startswith(b"#chat"), read=read_lines)


class Lines(Tracker):
    def log(self, values, step):
        with (self.folder / "lines.txt").open("a") as file:
            file.writelines(f"{name} {value}\\n" for name, value in values.items())

    def close(self):
        pass
'''
ENTRY_POINTS = """
[standpunt.models]
length = tiny_plugin:Length
[standpunt.readers]
chat = tiny_plugin:CHAT
[standpunt.protocols]
every_so_many = tiny_plugin:EverySoMany
[standpunt.data_sets]
tiny = tiny_plugin:TINY
[standpunt.trackers]
lines = tiny_plugin:Lines
"""


@pytest.fixture(scope="module")
def standpunt(tmp_path_factory):
    """Build a wheel, install it into a folder of its own, and return a function that runs the command with it."""
    folder = tmp_path_factory.mktemp("plugin")
    wheel = folder / "tiny_plugin-1.0-py3-none-any.whl"
    info = "tiny_plugin-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_plugin.py", textwrap.dedent(MODULE))
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-plugin\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", ENTRY_POINTS)
        archive.writestr(f"{info}/RECORD", "")
    place = folder / "site"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(place), str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    paths = [str(place), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def run(*arguments, cwd):
        command = [sys.executable, "-m", "standpunt", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.slow
def test_an_experiment_of_another_packages_parts(standpunt, tmp_path):
    (tmp_path / "data").mkdir()
    lines = [
        f"{'favor' if number % 2 else 'against'} {'word ' * (3 + 9 * (number % 2))}{number}" for number in range(60)
    ]
    (tmp_path / "data" / "tiny.txt").write_text("\n".join(lines))
    (tmp_path / "mine" / "model").mkdir(parents=True)
    (tmp_path / "mine" / "split").mkdir()
    (tmp_path / "mine" / "model" / "length.yaml").write_text("name: length\nfamily: length\n")
    (tmp_path / "mine" / "split" / "every.yaml").write_text("name: every_so_many\nstep: 4\n")
    (tmp_path / "mine" / "experiment.yaml").write_text(
        "defaults: [config, override model: length, override split: every, _self_]\n"
        "name: mine\ncorpus: {name: tiny}\ntracker: {name: lines}\nevaluation: {resamples: 20}\npaths: {data: data}\n"
    )
    done = standpunt("run", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "every so many rows out" in done.stdout
    (folder,) = (tmp_path / "runs" / "mine").iterdir()
    assert (folder / "tracker" / "lines.txt").read_text().startswith("scores/tiny/macro_f1 ")
    assert (folder / "model" / "shares.json").is_file()
    wrong = standpunt("run", "mine", "split.step=four", cwd=tmp_path)
    assert (wrong.returncode, "split.step" in wrong.stderr) == (2, True)


def test_a_report_in_another_packages_format(standpunt, tmp_path):
    (tmp_path / "chat.txt").write_text("#chat\nAda> The bridge must be green.\nBob> Never.\n")
    done = standpunt("turns", "chat.txt", "--format", "csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    records = list(csv.DictReader(done.stdout.removeprefix("\ufeff").splitlines()))
    assert [(record["speaker"], record["text"]) for record in records] == [
        ("Ada", "The bridge must be green."), ("Bob", "Never."),
    ]  # fmt: skip


def test_without_the_package_its_names_are_unknown(tmp_path):
    command = [
        sys.executable,
        "-m",
        "standpunt",
        "run",
        "baselines",
        "tracker.name=lines",
        "model=majority",
        "debug=smoke",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "unknown tracker 'lines'" in done.stderr + done.stdout
