"""What the commands print and write when all goes well."""

import csv
import io
import json

import pandas as pd
import pytest

import standpunt as package
from council import minutes
from printing import print_debate
from report_pdf import report_pdf
from standpunt import Model, load_corpus, predict_debate, read_debate

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

TURN = ["id", "ordinal", "speaker", "party", "role", "kind", "term", "floor", "replies_to", "start", "end", "text"]
MOTION = [
    "number", "dossier", "submitters", "text", "request", "turn", "advice", "advised_by", "advice_turn",
    "condition", "replaces", "title",
]  # fmt: skip
LABEL = ["turn", "ordinal", "speaker", "start", "end", "issue", "label", "annotator", "evidence"]
AGREEMENT = [
    "issue", "turns", "alpha", "alpha_low", "alpha_high", "pairs", "stance_alpha", "stance_low", "stance_high",
    "same_stance",
]  # fmt: skip
PREDICTION = [
    "debate", "title", "date", "turn", "ordinal", "speaker", "party", "role", "kind", "replies_to", "start", "end",
    "issue", "knows_issue", "p_favor", "p_against", "p_neutral", "p_none", "label", "trust", "measured_right",
    "measured_of", "model", "model_version", "issue_version", "standpunt_version",
]  # fmt: skip
COMMANDS = (
    "agreement", "annotate", "check", "compare", "corpus", "encoder", "estimate", "export", "fetch", "import", "issues",
    "labels", "llm", "map", "motions", "predict", "report", "run", "turns", "votes",
)  # fmt: skip


@pytest.fixture(scope="module")
def debate(fictional_report):
    return read_debate(fictional_report)


def printed(done):
    """Return what a command printed, which must have gone well."""
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def cells(text):
    assert text.startswith("\ufeff")  # a spreadsheet knows by it that this is UTF-8
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_turns_as_json_lines(standpunt, fictional_report, debate):
    found = records(printed(standpunt("turns", fictional_report, "--format", "jsonl")))
    assert found == [turn.record() for turn in debate.turns]
    assert list(found[0]) == TURN
    text = fictional_report.read_text("utf-8")
    assert all(text[turn["start"] : turn["end"]].split()[:3] == turn["text"].split()[:3] for turn in found)


def test_turns_as_csv(standpunt, fictional_report, debate):
    found = cells(printed(standpunt("turns", fictional_report, "--format", "csv")))
    assert list(found[0]) == TURN
    assert [row["text"] for row in found] == [turn.text for turn in debate.turns]
    assert [int(row["start"]) for row in found] == [turn.start for turn in debate.turns]


def test_turns_as_a_table(standpunt, fictional_report, debate):
    lines = printed(standpunt("turns", fictional_report, "--format", "table")).splitlines()
    assert [name for line in lines[:3] if "ordinal" in line for name in line.split()] == TURN
    assert sum(f"{debate.id}-" in line for line in lines) == len(debate.turns)
    assert not any(debate.turns[0].text == line for line in lines)


def test_json_lines_are_the_default_elsewhere_than_on_a_terminal(standpunt, fictional_report, debate):
    assert len(records(printed(standpunt("turns", fictional_report)))) == len(debate.turns)


def test_motions_as_json_lines(standpunt, fictional_report, debate):
    found = records(printed(standpunt("motions", fictional_report, "--format", "jsonl")))
    assert found == [motion.record() for motion in debate.motions]
    assert len(found) > 0
    assert list(found[0]) == MOTION


def test_motions_of_a_council_come_with_their_results(standpunt, tmp_path):
    (tmp_path / "notulen.txt").write_text(minutes(), encoding="utf-8")
    found = records(printed(standpunt("motions", tmp_path / "notulen.txt", "--format", "jsonl")))
    assert list(found[0]) == [*MOTION, "result", "votes", "counts"]
    assert [(one["dossier"], one["number"], one["result"], one["counts"]) for one in found] == [
        ("D", 1, "aangenomen", {"Voor": 3, "Tegen": 2}),
        ("E", "A", "gestaakt", {"Voor": 2, "Tegen": 2}),
        ("E", "B", "aangenomen", {"Tegen": 0}),
        ("F", 1, "aangenomen", {"Voor": 4, "Tegen": 1}),
    ]


def test_motions_as_csv(standpunt, fictional_report, debate):
    found = cells(printed(standpunt("motions", fictional_report, "--format", "csv")))
    assert list(found[0]) == MOTION
    assert [json.loads(row["submitters"]) for row in found] == [list(motion.submitters) for motion in debate.motions]


def test_motions_as_a_table(standpunt, fictional_report, debate):
    text = printed(standpunt("motions", fictional_report, "--format", "table"))
    assert sum(f" {motion.dossier} " in text for motion in debate.motions) == len(debate.motions)


def test_a_report_without_motions_prints_nothing(standpunt, tmp_path, report):
    (tmp_path / "short.txt").write_text(report(("De voorzitter", "Ik open de vergadering.")), encoding="utf-8")
    assert printed(standpunt("motions", "short.txt")) == ""
    assert printed(standpunt("motions", "short.txt", "--format", "csv")).split() == ["\ufeff" + ",".join(MOTION)]


def test_part_of_a_report_is_read_when_asked(standpunt, tmp_path, report):
    text = report(("De voorzitter", "Ik open de vergadering."), ("De heer Jansen (Rood)", "Voorzitter, de brug is"))
    (tmp_path / "part.txt").write_text(text.rstrip(), encoding="utf-8")
    assert len(records(printed(standpunt("turns", "part.txt", "--partial")))) == 2


def test_turns_of_a_pdf_and_the_text_that_offsets_count(standpunt, tmp_path, fictional_report, debate):
    (tmp_path / "report.pdf").write_bytes(report_pdf(print_debate(debate), head="Het Huis"))
    found = records(printed(standpunt("turns", "report.pdf", "--text-out", "report.txt")))
    assert [turn["kind"] for turn in found] == [turn.kind for turn in debate.turns]
    with (tmp_path / "report.txt").open(encoding="utf-8", newline="") as file:
        text = file.read()
    for turn in found:  # a running head or a hyphen at the end of a line may stand between two words
        first, last = turn["text"].split()[0], turn["text"].split()[-1]
        assert text[turn["start"] : turn["end"]].startswith(first.split("-")[0])
        assert text[turn["start"] : turn["end"]].endswith(last.split("-")[-1])
    assert records(printed(standpunt("turns", "report.txt"))) == found


def test_labels(standpunt):
    found = records(printed(standpunt("labels", "fictional")))
    corpus = load_corpus("fictional")
    assert len(found) == sum(len(item.layer("adjudicated").labels) for item in corpus.debates)
    assert {tuple(record) for record in found} == {tuple(LABEL)}
    turns = {turn.id: (item.debate, turn) for item in corpus.debates for turn in item.debate.turns}
    for record in found[::20]:
        debate, turn = turns[record["turn"]]
        assert (record["speaker"], record["start"], record["end"]) == (turn.speaker.name, turn.start, turn.end)
        assert all(turn.start <= start < end <= turn.end for start, end in record["evidence"])
        assert debate.source[record["start"] : record["end"]]


def test_labels_of_another_layer(standpunt):
    assert {
        record["annotator"] for record in records(printed(standpunt("labels", "fictional", "--layer", "lm-a")))
    } == {"lm-a"}


def test_labels_as_csv_and_table(standpunt, corpus):
    as_csv = cells(printed(standpunt("labels", corpus, "--format", "csv")))
    assert list(as_csv[0]) == LABEL
    assert json.loads(as_csv[0]["evidence"])
    table = printed(standpunt("labels", corpus, "--format", "table")).splitlines()
    assert sum("adjudicated" in line for line in table) == len(as_csv)


def test_agreement(standpunt):
    found = records(printed(standpunt("agreement", "fictional", "--resamples", 50)))
    assert {tuple(record) for record in found} == {tuple(AGREEMENT)}
    assert {"no_fly_zone", "frozen_assets"} < {record["issue"] for record in found}
    assert all(record["alpha_low"] <= record["alpha"] <= record["alpha_high"] for record in found)


def test_agreement_on_the_finer_fields(standpunt, tmp_path):
    from standpunt.annotation.layers import Label, Layer
    from standpunt.annotation.nuance import Nuance
    from standpunt.annotation.sources import SOURCE, Source, SourceTurn

    turns = tuple(SourceTurn("0" * 64, "Jansen", "member") for _ in range(4))
    source = Source("Bruggen", "2031-01-01", "nl", "1" * 64, turns)
    source.save(tmp_path / SOURCE)
    for name, hinted in (("a", 2), ("b", 3)):
        nuances = [Nuance("favor", 1 if turn <= hinted else 2, False, turn <= 2) for turn in range(1, 5)]
        labels = tuple(Label(n, "no_fly_zone", x.label, "Jansen", (), x) for n, x in enumerate(nuances, start=1))
        Layer(name, ("no_fly_zone",), source.sha256, labels).save(tmp_path / f"stance.{name}.jsonl", source)
    files = sorted(tmp_path.glob("stance.*.jsonl"))
    found = records(printed(standpunt("agreement", *files, "--nuance", "--resamples", 50)))
    assert [one["field"] for one in found] == ["leaning", "strength", "conditional", "asks"]
    assert (found[1]["pairs"], found[1]["same"], found[3]["alpha"]) == (4, 0.75, 1.0)


def test_agreement_counts_a_debate_once(standpunt, corpus):
    once, twice = (printed(standpunt("agreement", *names, "--resamples", 9)) for names in ([corpus], [corpus, corpus]))
    assert once == twice


def test_agreement_is_reproducible(standpunt):
    first, again, other = (
        printed(standpunt("agreement", "fictional", "--resamples", 50, "--seed", seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.fixture
def predict(standpunt, trained, fictional_report, tmp_path):
    """Return a function that writes predictions to a file and returns its path."""

    def write(name, *options):
        done = standpunt("predict", "--issues", "all", trained, fictional_report, "--out", name, *options)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        return tmp_path / name

    return write


def test_predictions_are_the_same_in_every_format(predict, trained, debate):
    expected = predict_debate(Model.load(trained), debate, brought_up=False)
    assert list(expected) == PREDICTION
    from_csv, from_parquet = pd.read_csv(predict("a.csv")), pd.read_parquet(predict("a.parquet"))
    from_jsonl = pd.DataFrame(records(predict("a.jsonl").read_text("utf-8")))
    for frame in (from_csv, from_jsonl, from_parquet):
        assert list(frame) == PREDICTION
        assert frame["date"].isna().all()  # the report has none
        counts = frame.astype(dict.fromkeys(("measured_right", "measured_of"), "Int64")).assign(date=None)
        pd.testing.assert_frame_equal(counts, expected, check_dtype=False, rtol=0, atol=1e-12)
    spoken = [turn for turn in debate.turns if turn.speaker.role != "chair"]
    assert len(expected) == 2 * len(spoken)
    assert len(set(expected["label"])) > 1


def test_label_is_the_most_probable_one(predict):
    frame = pd.read_parquet(predict("a.parquet"))
    probabilities = frame[["p_favor", "p_against", "p_neutral", "p_none"]]
    assert probabilities.sum(axis=1).to_numpy() == pytest.approx(1)
    assert ("p_" + frame["label"]).tolist() == probabilities.idxmax(axis=1).tolist()


def test_issues_are_chosen(predict):
    frame = pd.read_csv(predict("a.csv", "--issues", "frozen_assets, european_army", "--anyway"))
    assert frame["issue"].unique().tolist() == ["frozen_assets", "european_army"]
    said = frame.groupby("issue")[["knows_issue", "anyway"]].agg(set).to_dict("index")
    assert said == {
        "frozen_assets": {"knows_issue": {True}, "anyway": {False}},
        "european_army": {"knows_issue": {False}, "anyway": {True}},
    }


def test_an_older_file_is_replaced_when_that_is_said(predict, standpunt, trained, fictional_report, tmp_path):
    (tmp_path / "a.csv").write_text("old")
    done = standpunt("predict", trained, fictional_report, "--out", "a.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.csv: exists already; give --force" in done.stderr
    assert (tmp_path / "a.csv").read_text() == "old"
    assert list(pd.read_csv(predict("a.csv", "--force"))) == PREDICTION


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=lambda words: " ".join(words) or "none")
def test_help(standpunt, command):
    for option in ("--help", "-h"):
        assert printed(standpunt(*command, option)).startswith("Usage: standpunt")


def test_every_command_is_in_the_help(standpunt):
    listed = printed(standpunt("--help")).split("Commands:\n")[1]
    assert tuple(line.split()[0] for line in listed.splitlines()) == COMMANDS


def test_version(program):
    assert package.__version__ in printed(program("--version"))


def test_reader_that_stops_early_is_no_error(start, fictional_report):
    process = start("turns", fictional_report)
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == ("", 0)
    process.stderr.close()
