from collections import Counter
from dataclasses import replace

import pytest

from standpunt.annotation.layers import Label, Layer, quotes_to_spans
from standpunt.annotation.sources import Source
from standpunt.corpora.corpus import TranscriptMissing, corpus_folder, load_corpus, shipped_corpora
from standpunt.corpora.rows import column
from standpunt.corpora.transcripts import VARIABLE
from standpunt.errors import InputError, LayerError
from standpunt.readers import plain

CARD = "title: A tiny parliament\nsynthetic: true\n"
ISSUES = ("no_fly_zone", "frozen_assets")
COLUMNS = [
    "id", "debate", "date", "language", "turn", "ordinal", "speaker", "party", "role", "kind", "term", "floor",
    "replies_to", "start", "end", "text", "context", "sponsors", "advice", "issue", "proposition", "label", "votes",
    "evidence",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_transcripts(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(scope="module")
def text(report):
    return report(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Voorzitter. Het luchtruim \nmoet dicht."),
        ("Mevrouw Smit (Geel)", "Waarom dicht?"),
        ("De heer Jansen (Rood)", "Omdat het moet."),
    )


@pytest.fixture
def corpus(tmp_path, text):
    """Make a corpus of one debate without its text, and return its folder."""
    folder = tmp_path / "tiny" / "2031-01-01"
    folder.mkdir(parents=True)
    (folder.parent / "corpus.yaml").write_text(CARD)
    debate = plain.parse(text)
    source = Source.from_debate(debate, title="Het luchtruim", date="2031-01-01")
    source.save(folder / "source.json")
    spans = quotes_to_spans(debate.turn(2).text, ["luchtruim moet dicht"])
    favor = Label(2, "no_fly_zone", "favor", "Jansen", spans)
    asked = Label(3, "no_fly_zone", "neutral", "Smit")
    money = Label(4, "frozen_assets", "against", "Jansen")
    layers = {"a": (favor, asked), "b": (favor, money), "adjudicated": (favor, asked, money)}
    for annotator, labels in layers.items():
        Layer(annotator, ISSUES, source.sha256, labels).save(folder / f"stance.{annotator}.jsonl", source)
    return folder.parent


@pytest.fixture
def transcripts(tmp_path, text):
    """Make a folder with the transcript under a name that says nothing, among other files."""
    folder = tmp_path / "transcripts"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("Geen verslag.\n")
    (folder / "b.pdf").write_bytes(b"%PDF\0\xff")
    (folder / "c.txt").write_text("De voorzitter:\nWelkom.\n")
    (folder / "empty").write_text("")
    (folder / "deep" / "zzz.dat").write_text(text.replace("\n", "\r\n"))
    return folder


def test_shipped_corpora_are_found():
    assert {"fictional", "tk-ukraine"} <= set(shipped_corpora())


def test_fictional_corpus_loads_with_its_texts():
    corpus = load_corpus("fictional")
    assert corpus.synthetic
    assert len(corpus.debates) >= 3
    for item in corpus.debates:
        assert item.debate.id == item.name
        assert {"adjudicated", "lm-a", "lm-b"} <= set(item.layers)
        assert item.debate.sha256 == item.source.sha256
    assert len({item.source.sha256 for item in corpus.debates}) == len(corpus.debates)


def test_every_label_of_the_fictional_corpus_has_evidence_in_its_turn():
    for item in load_corpus("fictional").debates:
        for layer in item.layers.values():
            for record in layer.records(item.debate):
                assert record["evidence"], f"{item.name} {layer.annotator} turn {record['ordinal']}"
                assert all(record["start"] <= a < b <= record["end"] for a, b in record["evidence"])


def test_corpus_without_its_text_names_the_variable():
    with pytest.raises(TranscriptMissing, match=VARIABLE) as caught:
        load_corpus("tk-ukraine")
    assert "2025-09-11" in str(caught.value)
    assert caught.value.exit_code == 2


def test_transcript_is_found_by_what_is_in_it(corpus, transcripts, monkeypatch):
    loaded = load_corpus(str(corpus), transcripts=transcripts)
    assert [turn.ordinal for turn in loaded.debates[0].debate.turns] == [1, 2, 3, 4]
    monkeypatch.setenv(VARIABLE, str(transcripts))
    assert load_corpus(str(corpus)).debates[0].debate.source.count("\r\n") > 5


def test_transcript_with_other_paragraphs_gets_the_annotated_ones(corpus, transcripts, text):
    (transcripts / "deep" / "zzz.dat").write_text(text.replace("Voorzitter. ", "Voorzitter.\n\n"))
    for place in (transcripts, transcripts / "deep" / "zzz.dat"):
        (debate,) = load_corpus(str(corpus), transcripts=place).debates
        (start, end), *_ = debate.layer("a").labels[0].evidence
        assert debate.debate.turn(2).text[start:end] == "luchtruim moet dicht"


def test_transcript_may_be_named_as_a_file(corpus, transcripts):
    assert load_corpus(str(corpus), transcripts=transcripts / "deep" / "zzz.dat").name == "tiny"


def test_folder_without_the_transcript_says_which_is_wanted(corpus, transcripts):
    (transcripts / "deep" / "zzz.dat").unlink()
    with pytest.raises(TranscriptMissing, match=r"none of the files .* 'Het luchtruim'"):
        load_corpus(str(corpus), transcripts=transcripts)


def test_place_that_does_not_exist_is_named(corpus, tmp_path):
    with pytest.raises(InputError, match="nergens"):
        load_corpus(str(corpus), transcripts=tmp_path / "nergens")


@pytest.mark.parametrize(("word", "other", "turn"), [("Waarom", "Hoezo", 3), ("Jansen (Rood)", "Janssen (Rood)", 2)])
def test_transcript_that_differs_names_the_first_turn_that_does(corpus, text, tmp_path, word, other, turn):
    altered = tmp_path / "altered.txt"
    altered.write_text(text.replace(word, other))
    with pytest.raises(LayerError, match=f"turn {turn} ") as caught:
        load_corpus(str(corpus), transcripts=altered)
    assert "Het luchtruim" in str(caught.value)


def test_transcript_that_is_cut_off_names_the_first_turn_that_is_missing(corpus, text, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text(text[: text.rindex("De heer Jansen (Rood)")])
    with pytest.raises(LayerError, match="turn 4 is the first that differs"):
        load_corpus(str(corpus), transcripts=short)


def test_report_beside_the_labels_must_be_the_annotated_one(corpus, text):
    (corpus / "2031-01-01" / "report.txt").write_text(text)
    assert load_corpus(str(corpus)).debates[0].debate.id == "2031-01-01"
    (corpus / "2031-01-01" / "report.txt").write_text(text.replace("dicht?", "open?"))
    with pytest.raises(LayerError, match="turn 3 "):
        load_corpus(str(corpus))


def test_rows_are_the_labelled_pairs(corpus, transcripts):
    rows = load_corpus(str(corpus), transcripts=transcripts).rows()
    assert rows.column_names == [*COLUMNS, "synthetic"]
    assert all(rows["synthetic"])
    assert list(zip(rows["id"], rows["label"], rows["votes"], strict=True)) == [
        ("2031-01-01/002/no_fly_zone", "favor", ["favor", "favor"]),
        ("2031-01-01/003/no_fly_zone", "neutral", ["neutral", "none"]),
        ("2031-01-01/004/frozen_assets", "against", ["none", "against"]),
    ]
    first = rows[0]
    assert (first["speaker"], first["party"], first["kind"]) == ("Jansen", "Rood", "speech")
    assert first["text"] == "Voorzitter. Het luchtruim moet dicht."
    assert first["date"] == "2031-01-01"
    assert "no-flyzone" in first["proposition"]


@pytest.mark.parametrize(
    ("language", "proposition"), [("nl", "no-flyzone"), ("en", "no-fly zone"), ("fr", "no-flyzone")]
)
def test_rows_say_the_language_of_the_report_and_ask_in_it_where_they_can(corpus, transcripts, language, proposition):
    place = corpus / "2031-01-01" / "source.json"
    replace(Source.load(place), language=language).save(place)
    rows = load_corpus(str(corpus), transcripts=transcripts).rows(issues=["no_fly_zone"])
    assert set(rows["language"]) == {language}
    assert all(proposition in text for text in rows["proposition"])


def test_annotator_who_was_not_on_an_issue_has_no_vote(corpus, transcripts):
    folder = corpus / "2031-01-01"
    layer, source = Layer.load(folder / "stance.b.jsonl"), Source.load(folder / "source.json")
    replace(layer, issues=ISSUES[:1], labels=layer.labels[:1]).save(folder / "stance.b.jsonl", source)
    rows = load_corpus(str(corpus), transcripts=transcripts).rows()
    assert rows["votes"][:] == [["favor", "favor"], ["neutral", "none"], ["none", ""]]


def test_two_layers_of_one_annotator_are_refused(corpus, transcripts):
    folder = corpus / "2031-01-01"
    (folder / "stance.c.jsonl").write_bytes((folder / "stance.b.jsonl").read_bytes())
    with pytest.raises(LayerError, match=r"stance\.c\.jsonl: a second layer of annotator b"):
        load_corpus(str(corpus), transcripts=transcripts)


def test_debate_in_two_parts_is_refused(corpus, transcripts):
    (corpus / "corpus.yaml").write_text(f"{CARD}parts: {{train: [2031-01-01], test: [2031-01-01]}}\n")
    with pytest.raises(InputError, match="debate 2031-01-01 is in two parts, train and test"):
        load_corpus(str(corpus), transcripts=transcripts)


def test_rows_with_none_are_every_turn_but_the_chairs(corpus, transcripts):
    loaded = load_corpus(str(corpus), transcripts=transcripts)
    rows = loaded.rows(with_none=True)
    assert len(set(rows["id"])) == len(rows) == 3 * len(ISSUES)
    assert Counter(rows["label"]) == {"none": 3, "favor": 1, "neutral": 1, "against": 1}
    assert "De voorzitter" not in rows["speaker"]


def test_rows_of_one_issue_and_one_layer(corpus, transcripts):
    loaded = load_corpus(str(corpus), transcripts=transcripts)
    assert loaded.rows(issues=["frozen_assets"])["label"] == ["against"]
    assert loaded.rows(layer="a")["label"] == ["favor", "neutral"]
    with pytest.raises(InputError, match="unknown layer 'c'"):
        loaded.rows(layer="c")
    with pytest.raises(InputError, match="unknown issue of corpus tiny 'groningen_gas'"):
        loaded.rows(issues=["groningen_gas"])


def test_rows_without_a_label_are_an_empty_table(corpus, transcripts):
    rows = load_corpus(str(corpus), transcripts=transcripts).rows(layer="a", issues=["frozen_assets"])
    assert (len(rows), rows.column_names) == (0, COLUMNS)


def test_column_of_any_kind_of_rows(corpus, transcripts):
    rows = load_corpus(str(corpus), transcripts=transcripts).rows()
    expected = ["favor", "neutral", "against"]
    for kind in (rows, rows.to_pandas(), list(rows)):
        assert column(kind, "label") == expected


def test_unknown_corpus_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match="unknown corpus 'fictionel': did you mean 'fictional'"):
        corpus_folder("fictionel")
    with pytest.raises(InputError, match="not a corpus"):
        corpus_folder(str(tmp_path))


@pytest.mark.parametrize(
    "card", ["", "- a", "title: x", "title: [", "synthetic: true", "title: 2024-13-45", "title: é"]
)
def test_malformed_card_is_named(tmp_path, card):
    (tmp_path / "corpus.yaml").write_text(card, encoding="latin-1")
    with pytest.raises(InputError, match=r"corpus\.yaml"):
        load_corpus(str(tmp_path))


def test_corpus_without_debates_is_refused(tmp_path):
    (tmp_path / "corpus.yaml").write_text(CARD)
    with pytest.raises(InputError, match="no debate in it"):
        load_corpus(str(tmp_path))


def test_a_corpus_brings_issues_of_its_own(tmp_path, report):
    (tmp_path / "mine" / "issues").mkdir(parents=True)
    (tmp_path / "mine" / "corpus.yaml").write_text("title: Mine\nsynthetic: true\n")
    texts = "{nl: Er moet een brug komen., en: A bridge must be built.}"
    fields = "".join(f"{name}: {texts}\n" for name in ("proposition", "definition", "pro", "con"))
    (tmp_path / "mine" / "issues" / "bridge.yaml").write_text(f"name: bridge\n{fields}")
    folder = tmp_path / "mine" / "debate"
    folder.mkdir()
    text = report(("De heer Jansen (Rood)", "Voorzitter. Die brug moet er komen."))
    (folder / "report.txt").write_text(text)
    debate = plain.parse(text)
    source = Source.from_debate(debate, title="De brug", date="2031-01-01")
    source.save(folder / "source.json")
    label = Label(1, "bridge", "favor", "Jansen")
    Layer("adjudicated", ("bridge",), source.sha256, (label,)).save(folder / "stance.adjudicated.jsonl", source)
    rows = load_corpus(str(tmp_path / "mine")).rows()
    assert (rows["issue"][0], rows["proposition"][0]) == ("bridge", "Er moet een brug komen.")
