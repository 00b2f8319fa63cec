import json
import os
from collections import Counter

import pytest

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.sources import Source
from standpunt.corpora.loading import joined, load_rows
from standpunt.corpora.rows import column
from standpunt.corpora.sentence_rows import argument_rows
from standpunt.errors import InputError, LayerError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SplitConfig, TaskConfig
from standpunt.experiment.run import run
from standpunt.models import Model
from standpunt.models.controls.position import PositionConfig
from standpunt.models.tfidf import TfidfConfig
from standpunt.readers import plain
from standpunt.tasks import get_task
from standpunt.text.sentences import split_sentences

# Turns 2, 3 and 4 as two annotators read them: component, frame, relation, number of the claim; b did not read turn 4.
A = {
    2: [("none",), ("claim",), ("premise", "economic", "support", 1), ("claim",), ("premise", "policy", "attack", 3)],
    3: [("claim",)],
    4: [("premise", "security", None, None)],
}
B = {
    2: [("none",), ("claim",), ("premise", "fairness", "support", 3), ("claim",), ("none",)],
    3: [("claim",)],
}
OTHER_WORDS = {
    "Dank u wel.": "Goedenavond.",
    "De brug": "De sluis",
    "Zij kost te veel": "Die is te duur",
    "Wij sluiten haar graag": "Dat doen wij nu",
    "Al rijdt men": "Al vaart men",
    "Nee": "Jawel",
    "zij instort": "zij lekt",
}


@pytest.fixture(scope="module")
def text(report):
    return report(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        (
            "De heer Jansen (Rood)",
            "Dank u wel. De brug moet dicht. Zij kost te veel. Wij sluiten haar graag. Al rijdt men dan om.",
        ),
        ("Mevrouw Smit (Geel)", "Nee."),
        ("De heer Jansen (Rood)", "Omdat zij instort."),
    )


def layer_of(annotator, turns, debate, source):
    found = []
    for ordinal, members in turns.items():
        turn = debate.turn(ordinal)
        spans = split_sentences(turn.text)
        assert len(spans) == len(members)
        for span, (component, *rest) in zip(spans, members, strict=True):
            frame, relation, aim = rest or (None, None, None)
            target = None if aim is None else spans[aim]
            found.append(Sentence(ordinal, span, turn.speaker.name, component, frame, relation, target))
    return ArgumentLayer(annotator, source.sha256, tuple(found))


def annotate(folder, text, date):
    """Write a debate with its text and the two layers into a corpus."""
    folder = folder / date
    folder.mkdir(parents=True)
    (folder / "report.txt").write_text(text)
    debate = plain.parse(text)
    source = Source.from_debate(debate, title="De brug", date=date)
    source.save(folder / "source.json")
    for annotator, turns in (("a", A), ("b", B)):
        layer_of(annotator, turns, debate, source).save(folder / f"arguments.{annotator}.jsonl", source)


@pytest.fixture
def corpus(tmp_path, text):
    """Return the folder of a corpus of one debate with two argument layers, and no stance layer."""
    annotate(tmp_path / "tiny", text, "2031-01-01")
    (tmp_path / "tiny" / "corpus.yaml").write_text("title: Tiny\nsynthetic: true\nparts:\n  test: [2031-01-01]\n")
    return tmp_path / "tiny"


def rows_of(corpus, task, layer="a"):
    return list(argument_rows(str(corpus), task, layer=layer))


def test_component_has_a_row_a_sentence_with_its_turn(corpus):
    rows = rows_of(corpus, "component")
    assert [(row["ordinal"], row["sentence"], row["label"]) for row in rows] == [
        (2, 1, "none"),
        (2, 2, "claim"),
        (2, 3, "premise"),
        (2, 4, "claim"),
        (2, 5, "premise"),
        (3, 1, "claim"),
        (4, 1, "premise"),
    ]
    third = rows[2]
    assert third["text"] == "Zij kost te veel."
    assert third["proposition"] == "Dank u wel. De brug moet dicht. … Wij sluiten haar graag. Al rijdt men dan om."
    shared = {"id": "2031-01-01/002/003", "debate": "2031-01-01", "date": "2031-01-01", "speaker": "Jansen"}
    shared |= {"language": "nl"}
    shared |= {"party": "Rood", "role": "member", "issue": "component", "part": "test", "sentences": 5}
    assert shared.items() <= third.items()


def test_offsets_and_the_turn_that_is_answered(corpus, text):
    debate = plain.parse(text, debate_id="2031-01-01")
    for row in rows_of(corpus, "component"):
        assert debate.turn(row["ordinal"]).text[row["start"] : row["end"]] == row["text"]
        replied = row["replies_to"]
        assert row["context"] == ("" if replied is None else debate.turn(replied).text)


def test_votes_are_of_every_annotator_and_empty_where_a_sentence_was_not_read(corpus):
    votes = [row["votes"] for row in rows_of(corpus, "component")]
    assert votes[2:] == [
        ["premise", "premise"],
        ["claim", "claim"],
        ["premise", "none"],
        ["claim"] * 2,
        ["premise", ""],
    ]
    assert [row["votes"] for row in rows_of(corpus, "frame", "b")] == [["economic", "fairness"]]


def test_argument_and_claim_or_premise(corpus):
    assert Counter(row["label"] for row in rows_of(corpus, "argument")) == {"argument": 6, "none": 1}
    rows = rows_of(corpus, "claim_premise")
    assert Counter(row["label"] for row in rows) == {"claim": 3, "premise": 3}
    assert rows[0]["sentence"] == 2


def test_frame_has_a_row_a_premise(corpus):
    assert [(row["text"], row["label"]) for row in rows_of(corpus, "frame")] == [
        ("Zij kost te veel.", "economic"),
        ("Al rijdt men dan om.", "policy"),
        ("Omdat zij instort.", "security"),
    ]


def test_link_has_a_row_for_each_premise_and_claim_of_a_turn(corpus):
    rows = rows_of(corpus, "link")
    first, second = "De brug moet dicht.", "Wij sluiten haar graag."
    assert [(row["id"][-7:], row["proposition"], row["distance"], row["label"]) for row in rows] == [
        ("003/002", first, -1, "support"),
        ("003/004", second, 1, "none"),
        ("005/002", first, -3, "none"),
        ("005/004", second, -1, "attack"),
    ]
    # b points elsewhere with the first premise, and does not take the second for one.
    assert [row["votes"] for row in rows] == [["support", "none"], ["none", "support"], ["none", ""], ["attack", ""]]


def test_ids_are_unique(corpus):
    for task in ("component", "frame", "link"):
        ids = [row["id"] for row in rows_of(corpus, task)]
        assert len(set(ids)) == len(ids)


def test_corpus_without_argument_layers_is_refused(corpus):
    for path in corpus.rglob("arguments.*"):
        path.unlink()
    with pytest.raises(InputError, match=r"no argument layers; expected files arguments\.NAME\.jsonl"):
        rows_of(corpus, "component")


def test_unknown_layer_is_refused(corpus):
    with pytest.raises(
        InputError, match=r"debate 2031-01-01: unknown argument layer 'c'.*known are a, b; choose with corpus.layer=a"
    ):
        rows_of(corpus, "component", "c")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frame": "economics"}, r"line 4: unknown frame 'economics': did you mean 'economic'"),
        ({"component": "conclusion"}, "line 4: unknown component 'conclusion'"),
        ({"start": 900, "end": 950}, "sentence 900-950 lies outside turn 2"),
    ],
)
def test_layer_with_a_mistake_is_refused(corpus, change, message):
    path = corpus / "2031-01-01" / "arguments.a.jsonl"
    lines = path.read_text("utf-8").splitlines()
    lines[3] = json.dumps(json.loads(lines[3]) | change)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(LayerError, match=message):
        rows_of(corpus, "frame")


def test_sentence_tasks_know_no_issues(corpus):
    with pytest.raises(InputError, match=r"task frame is about no issue; leave corpus\.issues out"):
        load_rows(str(corpus), get_task("frame"), layer="a", issues=["no_fly_zone"])


def test_rows_of_several_corpora_keep_what_models_read(corpus):
    rows = load_rows(str(corpus), get_task("link"), layer="a").rows
    both = joined([rows, rows.select_columns([name for name in rows.column_names if name != "context"])])
    assert len(both) == 2 * len(rows)
    assert {"sentence", "sentences", "distance", "turn", "context", "evidence"} <= set(both.column_names)
    assert column(both, "distance")[: len(rows)] == column(rows, "distance")


@pytest.mark.parametrize(
    ("task", "model"),
    [("component", TfidfConfig(proposition=True)), ("frame", TfidfConfig(issue=False)), ("link", PositionConfig())],
)
def test_experiment_trained_on_one_debate_and_tested_on_another(corpus, text, tmp_path, task, model):
    for old, new in OTHER_WORDS.items():
        text = text.replace(old, new)
    annotate(corpus, text, "2031-01-02")
    (corpus / "corpus.yaml").write_text("title: Tiny\nsynthetic: true\nparts:\n  test: [2031-01-02]\n")
    config = Config(
        name="arguments",
        corpus=CorpusConfig(name=str(corpus), layer="a"),
        task=TaskConfig(name=task),
        split=SplitConfig(name="parts"),
        model=model,
        evaluation=EvaluationConfig(resamples=20),
    )
    done = run(config, tmp_path / "runs")
    assert done.finished, done.status
    frame = done.predictions()
    labels = get_task(task).labels
    assert len(frame) == {"component": 7, "frame": 3, "link": 4}[task]
    assert set(frame["gold"]) | set(frame["predicted"]) <= set(labels)
    assert {f"p_{label}" for label in labels} <= set(frame)
    test = [row for row in rows_of(corpus, task) if row["part"] == "test"]
    assert Model.load(done.folder / "model").predict(test) == frame["predicted"].tolist()


@pytest.mark.skipif(not os.environ.get("STANDPUNT_TRANSCRIPTS"), reason="STANDPUNT_TRANSCRIPTS is not set")
def test_real_debate():
    rows = list(argument_rows("tk-ukraine", "component", layer="lm-a"))
    assert Counter(row["label"] for row in rows) == {"none": 809, "claim": 791, "premise": 662}
    assert len(list(argument_rows("tk-ukraine", "component", layer="adjudicated"))) == 785
