"""The tools that turn files of annotators into layers: nothing is written unless all of it is right."""

import json

import pytest

from standpunt.annotation.arguments import ArgumentLayer
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import Source
from standpunt.readers import plain

reason = "the folder tools is not in a source distribution"
import_labels = pytest.importorskip("import_labels", reason=reason)
import_arguments = pytest.importorskip("import_arguments", reason=reason)

LABEL = {"turn": 2, "issue": "no_fly_zone", "label": "favor", "evidence": ["moet dicht"]}


@pytest.fixture
def files(report, tmp_path):
    """Return a function that writes JSON Lines beside a report, and returns what names them on a command line."""
    text = report(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Het luchtruim moet dicht. Het is te druk."),
    )
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")

    def write(**named):
        for name, records in named.items():
            lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
            (tmp_path / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return [f"{name}={tmp_path / name}.jsonl" for name in named if name != "decisions"]

    return write


@pytest.fixture
def labels(files, tmp_path):
    """Return a function that imports label files and returns the layers."""

    def call(*options, **named):
        about = ["--title", "Het luchtruim", "--date", "2031-01-01", "--issues", "no_fly_zone,frozen_assets"]
        places = [str(tmp_path / "report.txt"), str(tmp_path / "debate")]
        import_labels.main([*places, *about, *options, *files(**named)])
        return {path.name.split(".")[1]: Layer.load(path) for path in (tmp_path / "debate").glob("stance.*")}

    return call


def test_turns_that_are_recorded_in_order_are_a_debate_too(files, tmp_path):
    turns = [
        ("De voorzitter", "chair", "chair", None, "Het woord is aan Jansen."),
        ("Jansen", "member", "speech", 1, "Het luchtruim moet dicht."),
    ]
    names = ("speaker", "role", "kind", "replies_to", "text")
    files(turns=[{"turn": n, **dict(zip(names, turn, strict=True))} for n, turn in enumerate(turns, 1)])
    about = ["--title", "Het luchtruim", "--date", "2031-01-01", "--issues", "no_fly_zone"]
    import_labels.main([str(tmp_path / "turns.jsonl"), str(tmp_path / "debate"), *about, *files(a=[LABEL])])
    (label,) = Layer.load(tmp_path / "debate" / "stance.a.jsonl").labels
    assert (label.turn, label.speaker, label.label) == (2, "Jansen", "favor")
    source = Source.load(tmp_path / "debate" / "source.json")
    assert source.turns[1].recorded.replies_to == 1


@pytest.fixture
def codes(files, tmp_path):
    """Return a function that imports files of codes and returns the layers."""
    folder = tmp_path / "debate"

    def call(*options, **named):
        folder.mkdir()
        given = files(**named)
        debate = plain.parse((tmp_path / "report.txt").read_text(encoding="utf-8"))
        Source.from_debate(debate, title="Het luchtruim", date="2031-01-01").save(folder / "source.json")
        import_arguments.main([str(tmp_path / "report.txt"), str(folder), *options, *given])
        return {path.name.split(".")[1]: ArgumentLayer.load(path) for path in folder.glob("arguments.*")}

    return call


def test_labels_become_layers(labels, tmp_path):
    other = LABEL | {"issue": "frozen_assets", "label": "neutral", "evidence": []}
    decided = other | {"label": "none"}
    written = labels("--decisions", str(tmp_path / "decisions.jsonl"), a=[LABEL, other], b=[LABEL], decisions=[decided])
    assert set(written) == {"a", "b", "adjudicated"}
    assert written["a"].by_pair() == {(2, "no_fly_zone"): "favor", (2, "frozen_assets"): "neutral"}
    assert written["adjudicated"].labels == written["b"].labels
    assert written["a"].issues == ("no_fly_zone", "frozen_assets")


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([LABEL | {"label": "favour"}], "a.jsonl, line 1: unknown label 'favour'"),
        ([LABEL | {"label": "none"}], "line 1: unknown label 'none'"),
        ([LABEL | {"issue": "no_fly"}], "line 1: unknown issue 'no_fly'"),
        ([LABEL, "", LABEL], "line 3: a second label"),
        ([LABEL | {"evidence": ["staat er niet"]}], "line 1: the quote 'staat er niet' does not occur"),
        ([LABEL | {"turn": 1, "evidence": []}], "line 1: turn 1 is the chair's"),
        ([LABEL | {"turn": "2"}], "line 1: expected a JSON object with turn (int)"),
        (["{"], "line 1: not valid JSON; expected a JSON object with turn"),
    ],
)
def test_wrong_labels_write_nothing(labels, tmp_path, capsys, records, why):
    with pytest.raises(SystemExit) as caught:
        labels(a=records)
    assert caught.value.code == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "debate").exists()


def test_debate_and_decisions_must_be_there(labels, tmp_path, capsys):
    for options, why in (
        (["--debate", "De bruggen"], "unknown debate of"),
        (["--decisions", str(tmp_path / "decisions.jsonl")], "decisions are on what two files differ in; got a only"),
    ):
        with pytest.raises(SystemExit):
            labels(*options, a=[LABEL])
        assert why in capsys.readouterr().err


def test_codes_become_layers(codes):
    written = codes(a=[{"turn": 2, "args": "C P:economic>1"}])
    (claim, premise) = written["a"].sentences
    assert (claim.component, premise.component, premise.frame) == ("claim", "premise", "economic")
    assert (premise.relation, premise.target) == ("support", claim.span)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ("C P:economic>0", "line 1: P:economic>0 is no code"),
        ("C P:economic>9", "line 1: P:economic>9 is no code"),
        ("C P:economic>2", "line 1: the target"),
        ("C P:money", "line 1: unknown frame 'money'"),
        ("C", "line 1: 1 codes where turn 2 has 2 sentences"),
    ],
)
def test_wrong_codes_write_nothing(codes, tmp_path, capsys, args, why):
    with pytest.raises(SystemExit) as caught:
        codes(a=[{"turn": 2, "args": "C N"}], b=[{"turn": 2, "args": args}])
    assert caught.value.code == 2
    assert why in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "debate").iterdir()] == ["source.json"]
