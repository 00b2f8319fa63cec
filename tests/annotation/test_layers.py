import json
from dataclasses import replace

import pytest

from standpunt.annotation.layers import Label, Layer, quotes_to_spans
from standpunt.annotation.nuance import Nuance
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError

HEADER = {
    "layer": "stance",
    "annotator": "a",
    "codebook": 1,
    "source": {"title": "Bruggen", "date": "2031-01-01", "sha256": "0" * 64},
    "issues": ["no_fly_zone", "frozen_assets"],
}
MALFORMED_BREAKS = '{"title": "", "date": "", "language": "", "sha256": "", "turns": [["", "", "", ["x"]]]}'
FINER = {"leaning": "favor", "strength": 2, "conditional": False, "asks": True}
RECORD = {"turn": 2, "speaker": "Jansen", "issue": "no_fly_zone", "label": "favor", "evidence": [[0, 10]]}


@pytest.fixture(scope="module")
def debate(read):
    return read(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Voorzitter. De brug \nmoet \ngeverfd."),
        ("Mevrouw Smit (Geel)", "Waarom?"),
    )


@pytest.fixture(scope="module")
def source(debate):
    return Source.from_debate(debate, title="Bruggen", date="2031-01-01")


@pytest.fixture
def write(tmp_path):
    def write_layer(*lines):
        path = tmp_path / "stance.a.jsonl"
        path.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines), encoding="utf-8")
        return path

    return write_layer


def layer_of(source, *labels, **changes):
    values = {"annotator": "a", "issues": ("no_fly_zone", "frozen_assets"), "sha256": source.sha256} | changes
    return Layer(labels=labels, **values)


def test_layer_saves_sorted_and_loads_back(tmp_path, source):
    labels = [
        Label(3, "no_fly_zone", "neutral", "Smit", ((0, 7),)),
        Label(2, "no_fly_zone", "favor", "Jansen", ((12, 20), (0, 4))),
        Label(2, "frozen_assets", "against", "Jansen"),
    ]
    path = tmp_path / "stance.a.jsonl"
    layer_of(source, *labels).save(path, source)
    loaded = Layer.load(path)
    assert loaded == layer_of(source, labels[2], labels[1], labels[0])
    assert loaded.by_pair()[2, "no_fly_zone"] == "favor"
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert first["source"] == {"title": "Bruggen", "date": "2031-01-01", "sha256": source.sha256}


def test_finer_fields_are_kept(tmp_path, source):
    labels = (
        Label(2, "frozen_assets", "favor", "Jansen"),
        Label(2, "no_fly_zone", "against", "Jansen", ((0, 4),), Nuance("against", 2, True, False)),
        Label(3, "no_fly_zone", "neutral", "Smit", ((0, 7),), Nuance("none", None, False, True)),
    )
    path = tmp_path / "stance.a.jsonl"
    saved = layer_of(source, *labels)
    saved.save(path, source)
    assert Layer.load(path) == saved
    header, plain, finer, _ = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert header["codebook"] == 2
    assert set(plain) == set(RECORD)
    assert {name: finer[name] for name in FINER} == {
        "leaning": "against",
        "strength": 2,
        "conditional": True,
        "asks": False,
    }


def test_line_separators_of_unicode_may_stand_in_names(tmp_path, source):
    path = tmp_path / "stance.a.jsonl"
    saved = layer_of(source, annotator="a\u2028b")
    saved.save(path, source)
    assert Layer.load(path) == saved


def test_saved_layer_holds_no_text(tmp_path, source):
    path = tmp_path / "stance.a.jsonl"
    layer_of(source, Label(2, "no_fly_zone", "favor", "Jansen", ((0, 10),))).save(path, source)
    assert "Voorzitter." not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["{"], "line 1: not valid JSON"),
        ([RECORD], "line 1: expected the header"),
        ([HEADER | {"layer": "argument"}], "line 1: expected the header"),
        ([HEADER, "[1]"], "line 2: not a JSON object"),
        ([HEADER, RECORD, "geen json"], "line 3: not valid JSON"),
        ([HEADER, RECORD | {"note": ""}], "line 2: expected the fields"),
        ([HEADER, RECORD | {"label": "favour"}], "line 2: unknown label 'favour': did you mean 'favor'"),
        ([HEADER, RECORD | {"issue": "no_fly"}], "line 2: unknown issue 'no_fly'"),
        ([HEADER, RECORD | {"evidence": [[1]]}], "line 2: .*evidence"),
        ([HEADER, RECORD | {"evidence": 3}], "line 2: .*evidence"),
        ([HEADER, RECORD | {"turn": "twee"}], "line 2: .*turn"),
        ([HEADER, RECORD | {"turn": float("inf")}], "line 2: .*turn"),
        ([HEADER, RECORD | {"evidence": [[0.5, 10.9]]}], "line 2: .*evidence"),
        ([HEADER, "[" * 100_000], "line 2: not valid JSON"),
        ([HEADER, RECORD, RECORD | {"label": "against"}], "line 3: turn 2 has a second label on no_fly_zone"),
    ],
)
def test_malformed_layer_names_the_line(write, lines, where):
    with pytest.raises(LayerError, match=where):
        Layer.load(write(*lines))


@pytest.mark.parametrize(
    ("changed", "codebook", "why"),
    [
        (FINER, 1, "line 2: leaning, strength, conditional, asks belong to codebook 2, and the layer names 1"),
        (FINER | {"strength": 1}, 2, "line 2: label favor beside leaning favor of strength 1, which makes neutral"),
        (FINER | {"leaning": "none", "strength": None}, 2, "line 2: label favor beside leaning none, which makes"),
        (FINER | {"asks": "yes"}, 2, "line 2: .*'asks' must each be true or false"),
        ({"leaning": "favor"}, 2, "line 2: .*'conditional'"),
    ],
)
def test_finer_fields_that_do_not_fit_are_refused(write, changed, codebook, why):
    with pytest.raises(LayerError, match=why):
        Layer.load(write(HEADER | {"codebook": codebook}, RECORD | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "x"},
        {"source": {}},
        {"issues": 3},
        {"issues": None},
        {"issues": ["no_fly_zone", 3]},
        {"issues": ["no\x01fly"]},
        {"annotator": 5},
        {"annotator": ["a"]},
        {"annotator": "a\ud800"},
        {"codebook": "v2"},
        {"codebook": 1.5},
    ],
)
def test_malformed_header_is_an_error_of_the_package(write, changed):
    with pytest.raises(LayerError, match="line 1"):
        Layer.load(write(HEADER | changed))


@pytest.mark.parametrize("changed", [{"label": ["favor"]}, {"issue": {"a": 1}}, {"issue": None}, {"label": None}])
def test_field_of_the_wrong_type_is_an_error_of_the_package(write, changed):
    with pytest.raises(LayerError, match="line 2"):
        Layer.load(write(HEADER, RECORD | changed))


def test_unreadable_layer_is_named(tmp_path, write):
    with pytest.raises(LayerError, match="cannot be read"):
        Layer.load(tmp_path / "weg.jsonl")
    with pytest.raises(LayerError, match="empty"):
        Layer.load(write())
    (tmp_path / "stance.b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(LayerError, match="not UTF-8"):
        Layer.load(tmp_path / "stance.b.jsonl")


def test_good_layer_passes_the_check(debate, source):
    layer_of(source, Label(2, "no_fly_zone", "favor", "Jansen", ((12, 31),))).check(debate, source, "a.jsonl")


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (Label(9, "no_fly_zone", "favor", "Jansen"), "there is no turn 9"),
        (Label(0, "no_fly_zone", "favor", "Jansen"), "there is no turn 0"),
        (Label(2, "no_fly_zone", "favor", "Smit"), "turn 2 is spoken by Jansen, not Smit"),
        (Label(1, "no_fly_zone", "favor", "De voorzitter"), "turn 1 is the chair's"),
        (Label(2, "no_fly_zone", "favor", "Jansen", ((0, 999),)), "evidence on no_fly_zone 0-999 lies outside turn 2"),
        (Label(2, "no_fly_zone", "favor", "Jansen", ((5, 5),)), "evidence on no_fly_zone 5-5"),
        (Label(2, "no_fly_zone", "favor", "Jansen", ((11, 12),)), "evidence on no_fly_zone 11-12"),
        (Label(2, "no_fly_zone", "favor", "Jansen", ((-1, 4),)), "evidence on no_fly_zone -1-4"),
    ],
)
def test_wrong_anchor_is_refused(debate, source, label, why):
    with pytest.raises(LayerError, match=why) as caught:
        layer_of(source, label).check(debate, source, "a.jsonl")
    assert str(caught.value).startswith("a.jsonl: ")


def test_layer_on_another_text_is_refused(debate, source, read):
    with pytest.raises(LayerError, match="names another text"):
        layer_of(source, sha256="1" * 64).check(debate, source, "a.jsonl")
    other = read(*[(f"De heer {name} (Rood)", "Voorzitter.") for name in ("Pot", "Pan")])
    with pytest.raises(LayerError, match=r"turn 1 \(Pot"):
        layer_of(source).check(other, source, "a.jsonl")


def test_offsets_hold_in_a_copy_with_other_paragraphs(read):
    annotated = read(("De heer Jansen (Rood)", "Voorzitter. De brug \nmoet \ngeverfd.", "Nu. En wel groen."))
    source = Source.from_debate(annotated, title="Bruggen", date="2031-01-01")
    copy = read(("De heer Jansen (Rood)", "Voorzitter.", "De brug moet geverfd. Nu.", "En wel groen."))
    label = Label(1, "no_fly_zone", "favor", "Jansen", quotes_to_spans(annotated.turn(1).text, ["En wel"]))
    layer = layer_of(source, label)
    with pytest.raises(LayerError, match=r"turn 1 \(Jansen\) has the annotated words in other paragraphs"):
        layer.check(copy, source, "a.jsonl")
    restored = source.restore(copy)
    layer.check(restored, source, "a.jsonl")
    assert restored.turn(1).text == annotated.turn(1).text
    ((start, end),) = next(layer.records(restored))["evidence"]
    assert copy.source[start:end] == "En wel"


def test_source_that_says_nothing_about_paragraphs_takes_any(debate, source, read):
    old = replace(source, turns=tuple(replace(turn, breaks=None) for turn in source.turns))
    copy = read(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Voorzitter.", "De brug moet geverfd."),
        ("Mevrouw Smit (Geel)", "Waarom?"),
    )
    layer_of(old).check(old.restore(copy), old, "a.jsonl")
    assert old.restore(copy) == replace(copy, date=old.date)


def test_debate_has_the_date_of_its_source_where_the_report_does_not_say(debate, source):
    assert (debate.date, source.restore(debate).date) == (None, source.date)
    assert source.restore(replace(debate, date="2030-05-06")).date == "2030-05-06"


def test_missing_turns_are_named(debate, source, read):
    shorter = read(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Voorzitter. De brug moet geverfd."),
    )
    with pytest.raises(LayerError, match=r"2 turns where the annotated text .* has 3.*turn 3 is the first"):
        source.check(shorter, "a.jsonl")


def test_source_saves_and_loads_back(tmp_path, source):
    old = replace(source, turns=tuple(replace(turn, breaks=None) for turn in source.turns))
    for one in (old, source):
        one.save(tmp_path / "source.json")
        assert Source.load(tmp_path / "source.json") == one
    assert "geverfd" not in (tmp_path / "source.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("raw", ["", "[]", "{}", '{"turns": 3}', '{"turns": [["a"]]}', MALFORMED_BREAKS])
def test_malformed_source_is_refused(tmp_path, raw):
    (tmp_path / "source.json").write_text(raw)
    with pytest.raises(LayerError, match=r"source\.json"):
        Source.load(tmp_path / "source.json")


def test_records_give_places_in_the_report(debate, source):
    text = debate.turn(2).text
    spans = quotes_to_spans(text, ["brug moet geverfd", "Voorzitter."])
    (record,) = layer_of(source, Label(2, "no_fly_zone", "favor", "Jansen", spans)).records(debate)
    a, b = record["evidence"][0]
    assert debate.source[a:b] == "brug \nmoet \ngeverfd"
    assert record["turn"] == debate.turn(2).id
    assert (record["label"], record["annotator"], record["speaker"]) == ("favor", "a", "Jansen")
    assert "leaning" not in record
    (finer,) = layer_of(
        source, Label(2, "no_fly_zone", "favor", "Jansen", spans, Nuance("favor", 3, False, False))
    ).records(debate)
    assert finer == {**record, "leaning": "favor", "strength": 3, "conditional": False, "asks": False}


def test_records_of_a_format_without_offsets(debate, source):
    turns = tuple(replace(turn, spans=(), start=None, end=None, anchor="a1") for turn in debate.turns)
    layer = layer_of(source, Label(2, "no_fly_zone", "favor", "Jansen", ((0, 11), (12, 20))))
    (record,) = layer.records(replace(debate, turns=turns))
    assert (record["start"], record["end"], record["evidence"]) == (None, None, [[None, None]] * 2)


@pytest.mark.parametrize("quote", ["staat er niet", "", " "])
def test_quote_that_is_not_there_is_refused(quote):
    with pytest.raises(LayerError, match="does not occur"):
        quotes_to_spans("De brug is oud.", [quote])
