"""Models that annotate: `annotate model`, `annotate llm`, and agreement with them."""

import json

import pytest

from fake_llm import MODEL
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.corpora.copies import copied
from standpunt.corpora.corpus import load_corpus
from standpunt.errors import InputError
from standpunt.models import Model
from standpunt.prediction.annotating import annotator_name
from standpunt.prediction.predictor import Predictor

ISSUES = ["no_fly_zone", "frozen_assets"]
KEY = "sk-dit-is-een-sleutel-123456"


@pytest.fixture
def own(standpunt, report, tmp_path):
    """Return the folder of a corpus of one debate of five turns, which jan labelled."""
    turns = [
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Wij zijn voor een zone boven Oekraïne."),
        ("Mevrouw Smit (Geel)", "Wij zijn tegen, en nog eens tegen."),
        ("De heer Jansen (Rood)", "Dan zijn wij het oneens, want wij zijn voor."),
        ("Mevrouw Smit (Geel)", "Het is maar de vraag waar dat heen gaat."),
    ]
    (tmp_path / "verslag.txt").write_text(report(*turns), encoding="utf-8")
    made = standpunt(
        "corpus", "new", "mijn", "verslag.txt", *ISSUES, "--annotator", "jan", "--date", "2031-01-01"
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    path = next((tmp_path / "mijn").glob("*/stance.jan.jsonl"))
    source = Source.load(path.parent / "source.json")
    labels = (Label(2, "no_fly_zone", "favor", "Jansen"), Label(3, "no_fly_zone", "favor", "Smit"))
    Layer("jan", tuple(ISSUES), source.sha256, labels).save(path, source)
    return tmp_path / "mijn"


def layer_of(own, name):
    return next(own.glob(f"*/stance.{name}.jsonl"))


def test_predictions_of_a_model_become_a_layer(standpunt, own, trained):
    done = standpunt("annotate", "model", "mijn", "--model", trained)
    assert done.returncode == 0, done.stderr
    path = layer_of(own, "party_only")
    assert done.stdout.strip() == str(path.relative_to(own.parent))
    layer, model = Layer.load(path), Model.load(trained)
    debate = load_corpus(str(own)).debates[0]
    frame = Predictor(model, ISSUES, brought_up=False).on(debate.debate)
    said = {(row.ordinal, row.issue): row.label for row in frame.itertuples()}
    assert layer.by_pair() == {pair: label for pair, label in said.items() if label != "none"}
    assert {*layer.probabilities()} == {*said}
    assert (layer.made_by.model, layer.made_by.version, layer.made_by.family) == ("party_only", model.seal, "party")
    assert (layer.made_by.prompt, layer.unanswered) == (None, frozenset())


def test_what_is_done_is_left_alone_and_what_differs_is_refused(standpunt, own, trained, tmp_path):
    arguments = ("annotate", "model", "mijn", "--model", trained, "--annotator", "p")
    assert standpunt(*arguments).returncode == 0
    before = layer_of(own, "p").stat().st_mtime_ns
    again = standpunt(*arguments)
    assert (again.returncode, layer_of(own, "p").stat().st_mtime_ns) == (0, before)
    assert "done before" in again.stderr
    other = standpunt(*arguments, "--issues", "no_fly_zone")
    assert other.returncode == 2
    assert "stance.p.jsonl: there is a layer of p already, made on" in other.stderr
    assert layer_of(own, "p").stat().st_mtime_ns == before
    assert standpunt(*arguments, "--issues", "no_fly_zone", "--force").returncode == 0
    assert Layer.load(layer_of(own, "p")).issues == ("no_fly_zone",)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--annotator", "jan", "--force"], "there is a layer of jan already that people made; it is not replaced"),
        (["--annotator", "adjudicated"], "'adjudicated' is whoever decided between annotators"),
        (["--annotator", "a/b"], "the name is part of file names"),
        (["--issues", "x/own.yaml"], "put the file into mijn/issues"),
        (["--issues", "no_fly_zon"], "did you mean 'no_fly_zone'?"),
        (["--issues", "european_army"], "it was not trained on european_army"),
        (["--debate", "x"], "unknown debate of corpus mijn 'x'"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(standpunt, own, trained, arguments, said):
    before = {path: path.read_bytes() for path in own.rglob("*.jsonl")}
    done = standpunt("annotate", "model", "mijn", "--model", trained, *arguments)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert said in done.stderr
    assert {path: path.read_bytes() for path in own.rglob("*.jsonl")} == before


def test_what_ships_stays_as_it_is_and_a_copy_is_annotated(standpunt, trained, tmp_path):
    debate = "2031-03-04-luchtverdediging"
    arguments = ("annotate", "model", "fictional", "--model", trained, "--debate", debate, "--issues", ",".join(ISSUES))
    assert "name a copy to write in, --out FOLDER" in standpunt(*arguments).stderr
    done = standpunt(*arguments, "--out", "copy")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "copy").iterdir() if path.is_dir()] == [debate]
    assert "done before" in standpunt(*arguments, "--out", "copy").stderr


def test_labels_of_people_are_taken_before_those_of_models(standpunt, own, trained):
    standpunt("annotate", "model", "mijn", "--model", trained)
    corpus = load_corpus(str(own))
    assert corpus.annotators() == ("jan",)
    people, model = (corpus.rows(layer=name, with_none=True) for name in ("adjudicated", "party_only"))
    assert "probabilities" not in people.column_names
    assert set(map(len, people["votes"])) == {1}  # a model is no annotator whose agreement is a ceiling
    for row in model:
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-3)
        assert row["label"] == max(row["probabilities"], key=row["probabilities"].get)
    next(own.glob("*/stance.jan.jsonl")).unlink()
    with pytest.raises(InputError, match=r"choose an annotator with corpus\.layer=party_only"):
        load_corpus(str(own)).rows()


def test_a_language_model_annotates(standpunt, own, server):
    arguments = ("annotate", "llm", "mijn", "--base-url", server.url, "model.key_variable=MY_KEY")
    done = standpunt(*arguments, env={"MY_KEY": KEY})
    assert done.returncode == 0, done.stderr
    path = layer_of(own, MODEL)
    layer = Layer.load(path)
    assert layer.by_pair()[2, "no_fly_zone"] == "favor"
    assert layer.by_pair()[3, "no_fly_zone"] == "against"
    assert [label.evidence for label in layer.labels if label.turn == 2] == [((0, 22),)] * 2  # its first five words
    made_by = layer.made_by
    assert (made_by.model, made_by.family, made_by.probabilities) == (MODEL, "llm", "log-probabilities")
    assert (made_by.version, len(made_by.prompt), len(made_by.date)) == (None, 64, 10)
    assert len(layer.answers) == 8
    assert KEY not in path.read_text(encoding="utf-8")
    assert "8 questions asked" in done.stderr
    asked = len(server.asked)
    again = standpunt(*arguments, env={"MY_KEY": KEY})
    assert "done before" in again.stderr
    assert len(server.asked) == asked


def test_another_prompt_is_another_layer(standpunt, own, server):
    arguments = ("annotate", "llm", "mijn", "--base-url", server.url)
    assert standpunt(*arguments).returncode == 0
    other = standpunt(*arguments, "model.context=false")
    assert other.returncode == 2
    assert "by another model, prompt or definition" in other.stderr
    assert standpunt(*arguments, "model.context=false", "--annotator", "zonder").returncode == 0


def test_what_was_interrupted_goes_on(standpunt, own, server):
    server.faults = [lambda handler, body: handler._send(200, server.answer(body))] * 3 + ["401"]
    arguments = ("annotate", "llm", "mijn", "--base-url", server.url, "model.concurrency=1")
    failed = standpunt(*arguments)
    assert failed.returncode == 2
    assert "3 questions asked" in failed.stderr
    assert not [*own.glob(f"*/stance.{MODEL}.jsonl")]
    done = standpunt(*arguments)
    assert done.returncode == 0, done.stderr
    assert "5 questions asked, 3 answered already" in done.stderr


def test_no_answer_is_not_an_answer_that_the_issue_is_not_addressed(standpunt, own, server):
    server.always = "refusal"
    done = standpunt("annotate", "llm", "mijn", "--base-url", server.url)
    assert done.returncode == 0, done.stderr
    assert "0 stances among 8 pairs of turn and issue, 8 without an answer" in done.stderr
    assert len(Layer.load(layer_of(own, MODEL)).unanswered) == 8
    assert len(load_corpus(str(own)).rows(layer=MODEL, with_none=True)) == 0


def test_without_probabilities_the_layer_has_none(standpunt, own, server):
    server.gives.discard("logprobs")
    assert standpunt("annotate", "llm", "mijn", "--base-url", server.url).returncode == 0
    layer = Layer.load(layer_of(own, MODEL))
    assert (layer.made_by.probabilities, layer.answers) == (None, ())
    assert layer.labels


def test_a_dry_run_asks_nothing(standpunt, own, server):
    done = standpunt("annotate", "llm", "mijn", "--base-url", server.url, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "questions: 8 (0 more are answered already)" in done.stdout
    assert server.asked == []
    assert not [*own.glob(f"*/stance.{MODEL}.jsonl")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["temperature=1"], "temperature=1: expected a setting of the language model"),
        (["model.temprature=1"], "unknown setting 'model.temprature': did you mean 'model.temperature'?"),
        (["model.temperature=warm"], "model.temperature must be a number"),
        (["model.examples=3"], "there are no labelled turns to show here"),
        (["--model", "a", "model.model=b"], "model.model is given twice"),
        ([f"model.key_variable={KEY}"], "never the key itself"),
    ],
)
def test_wrong_settings_are_one_sentence(standpunt, own, settings, said):
    done = standpunt("annotate", "llm", "mijn", *settings)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert said in done.stderr
    assert KEY not in done.stderr


def test_agreement_with_models(standpunt, own, server, tmp_path):
    standpunt("annotate", "llm", "mijn", "--base-url", server.url)
    alone = standpunt("agreement", "mijn")
    assert alone.returncode == 2
    assert "give --pairs, which compares layers of models too" in alone.stderr
    done = standpunt("agreement", "mijn", "--pairs", "--page", "d.html", "--resamples", 9)
    assert done.returncode == 0, done.stderr
    (record,) = map(json.loads, done.stdout.splitlines())
    assert (record["annotator"], record["other"], record["debates"]) == ("jan", MODEL, 1)
    html = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "turn 3, Smit" in html.partition("<article")[2].partition("</article>")[0]  # opposite sides there
    named = standpunt("agreement", "mijn", "--annotators", f"jan,{MODEL}", "--resamples", 9)
    assert json.loads(named.stdout.splitlines()[-1])["alpha"] == record["alpha"]
    assert "unknown annotator 'x'" in standpunt("agreement", "mijn", "--annotators", "x").stderr
    assert "expected the name of an HTML file" in standpunt("agreement", "mijn", "--page", "d.pdf").stderr


def test_layers_of_one_text_in_two_folders_are_compared(standpunt, trained):
    debate = "2031-03-04-luchtverdediging"
    issues = ",".join(ISSUES)
    standpunt(
        "annotate", "model", "fictional", "--model", trained, "--debate", debate, "--issues", issues, "--out", "copy"
    )
    done = standpunt(
        "agreement", "fictional", f"copy/{debate}/stance.party_only.jsonl", "--annotators", "lm-a", "--pairs"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["other"] == "party_only"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen2.5-7B-Instruct"), ("llama3.1:8b", "llama3.1-8b"),
        ("/home/jan/models/smollm2.Q4.gguf", "smollm2.Q4"), ("C:\\models\\x.gguf", "x"), ("gpt-5 mini", "gpt-5-mini"),
    ],
)  # fmt: skip
def test_a_layer_is_named_after_its_model(model, name):
    assert annotator_name(model) == name


def test_debates_from_before_and_after_a_day_are_compared_apart(standpunt, tmp_path):
    copied("fictional", tmp_path / "two", ["2031-03-04-luchtverdediging", "2032-06-08-aanval-op-odesa"])
    arguments = ("agreement", "two", "--pairs", "--resamples", 9)
    found = [
        json.loads(standpunt(*arguments, *more).stdout)
        for more in ([], ["--before", "2032-06-08"], ["--since", "2032-06-08"])
    ]
    assert [one["debates"] for one in found] == [2, 1, 1]
    assert found[1]["turns"] + found[2]["turns"] == found[0]["turns"]
    none = standpunt(*arguments, "--before", "2000-01-01")
    assert none.returncode == 2
    assert "no debate is from before 2000-01-01; there are debates of 2031-03-04 to 2032-06-08" in none.stderr
    assert standpunt(*arguments, "--since", "gisteren").returncode == 2


def test_whose_labels_count_where_is_said_on_the_command_line(standpunt):
    done = standpunt("run", "baselines", "hydra.mode=RUN", "corpus.layers={tk-ukraine:adjudicated}", "--show-config")
    assert done.returncode == 0, done.stderr
    assert "  layers:\n    tk-ukraine: adjudicated\n" in done.stdout
