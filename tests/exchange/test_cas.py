import re

import pytest

from standpunt.annotation.layers import Label
from standpunt.errors import InputError, LayerError
from standpunt.exchange.cas import TYPES, export_cas, whole_text
from standpunt.exchange.cas_import import import_cas

cassis = pytest.importorskip("cassis")


@pytest.fixture
def out(small, tmp_path):
    export_cas(small, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def load(out):
    """Return a function that loads an annotator's file as any consumer would."""

    def load_with_cassis(name):
        types = cassis.load_typesystem(out / TYPES)
        return cassis.load_cas_from_xmi(out / f"{name}.xmi", typesystem=types)

    return load_with_cassis


@pytest.fixture
def take(out, small):
    """Return a function that changes the text of an annotator's file and imports it."""

    def change_and_import(pattern=None, to="", name="lm-a", file=None, **options):
        path = out / (file or f"{name}.xmi")
        if pattern is not None:
            text = path.read_text(encoding="utf-8")
            changed = re.sub(pattern, to, text, count=1, flags=re.DOTALL)
            assert changed != text
            path.write_text(changed, encoding="utf-8")
        return import_cas([out / f"{name}.xmi"], small.without_layers(), **options)

    return change_and_import


def test_file_made_before_there_were_finer_fields(out, take, small):
    path = out / TYPES
    types = path.read_text(encoding="utf-8")
    for name in ("leaning", "strength", "conditional", "asks"):
        types = re.sub(
            rf"<featureDescription>\s*<name>{name}</name>.*?</featureDescription>", "", types, flags=re.DOTALL
        )
    assert "leaning" not in types
    assert "label" in types
    path.write_text(types, encoding="utf-8")
    assert take().stance["lm-a"] == small.stance["lm-a"]


def test_a_file_an_annotator(out):
    names = {"adjudicated.xmi", "jan@uni.nl.xmi", "leeg.xmi", "lm-a.xmi", TYPES}
    assert {path.name for path in out.iterdir()} == names


def test_cassis_finds_the_annotations_on_their_words(load, small):
    cas = load("lm-a")
    text, begins = whole_text(small.debate)
    assert cas.sofa_string == text
    turns = cas.select("webanno.custom.Turn")
    assert [turn.get_covered_text() for turn in turns] == [turn.text for turn in small.debate.turns]
    assert [turn.begin for turn in turns] == [begins[ordinal] for ordinal in (1, 2, 3, 4)]
    evidence = cas.select("webanno.custom.Evidence")
    assert {(one.rank, one.get_covered_text()) for one in evidence if one.issue == "no_fly_zone"} == {
        # Offsets in the file count UTF-16, in which the aeroplane takes two.
        (1, "🛩 Ik wil geen lawaai."),
        (2, "Laat de bruggen dicht."),
        (1, "=SOM(A1) is geen antwoord."),
    }
    (link,) = cas.select("webanno.custom.Link")
    assert (link.Governor.get_covered_text(), link.relation) == ("Want verf is duur.", "support")
    assert link.Dependent.get_covered_text() == "Laat de bruggen dicht."
    (layer,) = cas.select("webanno.custom.StanceLayer")
    assert (layer.annotator, layer.sha256) == ("lm-a", small.source.sha256)


def test_annotation_added_with_cassis_comes_in(load, out, small):
    cas = load("leeg")
    types = cas.typesystem
    second = cas.select("webanno.custom.Turn")[1]
    make = types.get_type("webanno.custom.Stance"), types.get_type("webanno.custom.Evidence")
    # Anywhere in the turn will do, and evidence without a rank comes in order.
    cas.add(make[0](begin=second.begin + 3, end=second.begin + 9, issue="no_fly_zone", label="favor"))
    for start in (12, 0):
        cas.add(make[1](begin=second.begin + start, end=second.begin + start + 4, issue="no_fly_zone"))
    cas.to_xmi(out / "leeg.xmi")
    imported = import_cas([out / "leeg.xmi"], small.without_layers())
    assert imported.stance["leeg"].labels == (Label(2, "no_fly_zone", "favor", "Jansen", ((0, 4), (12, 16))),)


def test_annotator_may_be_named(take, out, small):
    assert set(take(annotator="piet").stance) == {"piet"}
    with pytest.raises(LayerError, match="2 files with one annotator 'piet'"):
        import_cas([out / "lm-a.xmi", out / "leeg.xmi"], small, "piet")


@pytest.mark.parametrize(
    ("pattern", "to", "why"),
    [
        ('label="against"', 'label="tegen"', r"lm-a\.xmi, Stance at \d+-\d+: unknown label 'tegen'"),
        ('issue="frozen_assets" label', 'issue="frozen" label', "unknown issue 'frozen': did you mean 'frozen_assets'"),
        (r'(<custom:Evidence [^>]*)issue="no_fly_zone"', r'\1issue="frost"', "evidence on frost in turn 2"),
        ('component="claim"', 'component="thesis"', r"Argument at \d+-\d+: unknown component 'thesis'"),
        ('frame="security"', 'frame="money"', "unknown frame 'money'"),
        (' frame="security"', "", "a premise has a frame .* got premise, no frame"),
        ('relation="support"', 'relation="rebut"', "unknown relation 'rebut'"),
        (r'Dependent="\d+"', "", "a link without both ends"),
        (r'(<custom:Evidence [^>]*)begin="\d+"', r"\1", r"Evidence at 0-\d+: it does not lie within one turn"),
        (r'xmi:id="(\d+)"([^>]*ordinal="2".*)Governor="\d+"', r'xmi:id="\1"\2Governor="\1"', "Governor is no Argument"),
        (r'(<custom:Stance [^>]*end=)"\d+"', r'\1"200"', "does not lie within one turn"),
        (r'(<custom:Turn [^>]*ordinal=)"2"', r'\1"9"', "there is no turn 9"),
        (r'(<custom:Turn [^>]*begin=)"(\d+)"', r'\1"0"', "its text is not that of turn 1"),
        (r"bruggen dicht", "tunnels dicht", "its text is not that of turn 2"),
        (r'sha256="\w+"', 'sha256="00"', "StanceLayer: it belongs to another text"),
        (r'annotator="lm-a"', 'annotator="lm-c"', "expected one annotator .* got lm-a, lm-c"),
        (r"<xmi:XMI", "<xmi", "not a UIMA CAS as XMI"),
        (r"^<\?xml[^>]*>", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>', "document type declaration"),
    ],
)
def test_wrong_file_is_refused_with_its_place(take, pattern, to, why):
    with pytest.raises(LayerError, match=why):
        take(pattern, to)


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        (["StanceLayer"], "does not say that it holds a layer of stance"),
        (["ArgumentLayer"], "does not say that it holds a layer of arguments"),
        (["StanceLayer", "ArgumentLayer"], "in StanceLayer and ArgumentLayer, got none"),
        (["Turn"], "does not lie within one turn"),
    ],
)
def test_file_that_lost_what_it_is_about(load, out, take, lost, why):
    cas = load("lm-a")
    for name in lost:
        for item in cas.select(f"webanno.custom.{name}"):
            cas.remove(item)
    cas.to_xmi(out / "lm-a.xmi")
    with pytest.raises(LayerError, match=why):
        take()


def test_label_twice(out, take):
    path = out / "lm-a.xmi"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('issue="frozen_assets" label="neutral"', 'issue="no_fly_zone" label="neutral"'), "utf-8"
    )
    with pytest.raises(LayerError, match="a second label of lm-a on turn 2 and no_fly_zone"):
        take()


def test_files_that_are_missing_or_come_twice(out, small):
    with pytest.raises(LayerError, match="a second file of annotator lm-a"):
        import_cas([out / "lm-a.xmi"] * 2, small)
    with pytest.raises(LayerError, match=r"weg\.xmi: cannot be read"):
        import_cas([out / "weg.xmi"], small)
    (out / TYPES).unlink()
    with pytest.raises(LayerError, match=r"TypeSystem\.xml: cannot be read"):
        import_cas([out / "lm-a.xmi"], small)


def test_character_that_xml_cannot_hold(make, small, tmp_path):
    from dataclasses import replace

    turn = replace(small.debate.turns[1], text="Een \x0b brug.")
    made = make(replace(small.debate, turns=(small.debate.turns[0], turn)), {"a": []})
    with pytest.raises(InputError, match=r"XML cannot hold the character '\\x0b'"):
        export_cas(made, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_without_cassis_the_extra_is_named(monkeypatch, small, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(InputError, match=r"pip install 'standpunt\[exchange\]'"):
        export_cas(small, tmp_path / "out")
