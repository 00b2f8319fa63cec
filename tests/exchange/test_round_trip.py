"""What goes out in a format comes back the same: made debates, and a shipped one."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standpunt.annotation.arguments import FRAMES, RELATIONS, Sentence
from standpunt.annotation.layers import STANCES, Label
from standpunt.annotation.nuance import LEANINGS, STRENGTHS, Nuance
from standpunt.debate import Debate, Speaker, Turn
from standpunt.exchange.annotations import load_annotations, save_annotations, updated
from standpunt.storage.paths import CORPORA

NAMES = ("label-studio", "cas", "csv", "datasets")
SHIPPED = sorted(CORPORA.glob("fictional/*/arguments.*.jsonl"))
TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\n =-@'\";,<&🛩é"), min_size=1, max_size=60
).filter(str.strip)
ISSUES = ("no_fly_zone", "frozen_assets", "é, een zin", "=SOM(1)")
PEOPLE = ("lm-a", "adjudicated", "José", "jan@uni.nl", "a b", "-x")


LABELS = st.sampled_from(STANCES).map(lambda stance: (stance, None))
NUANCES = st.one_of(
    st.builds(Nuance, st.sampled_from(LEANINGS[:2]), st.sampled_from(STRENGTHS), st.booleans(), st.booleans()),
    st.builds(Nuance, st.just("none"), st.none(), st.booleans(), st.booleans()),
).map(lambda nuance: (nuance.label, nuance))


@st.composite
def spans(draw, text, count):
    """Draw spans of a text that hold more than white space."""
    found = []
    for _ in range(count):
        start, end = sorted(draw(st.tuples(*2 * [st.integers(0, len(text))])))
        if text[start:end].strip():
            found.append((start, end))
    return tuple(found)


@st.composite
def sentences(draw, turn):
    places = sorted(set(draw(spans(turn.text, 4))))
    components = [draw(st.sampled_from(["claim", "premise", "none"])) for _ in places]
    claims = [place for place, kind in zip(places, components, strict=True) if kind == "claim"]
    found = []
    for place, kind in zip(places, components, strict=True):
        more = ()
        if kind == "premise":
            more = (draw(st.sampled_from(FRAMES)),)
            if claims and draw(st.booleans()):
                more += (draw(st.sampled_from(RELATIONS)), draw(st.sampled_from(claims)))
        found.append(Sentence(turn.ordinal, place, turn.speaker.name, kind, *more))
    return found


@st.composite
def debates(draw, make):
    """Draw a debate of a few turns with layers on it."""
    turns = []
    for ordinal in range(1, draw(st.integers(1, 4)) + 1):
        role = draw(st.sampled_from(["member", "minister", "chair"] if ordinal > 1 else ["member"]))
        name = draw(st.sampled_from(["Jansen", "-Smit", "=Pot", "Van 't Hof"]))
        speaker = Speaker(name, "Rood" if role == "member" else None, role)
        before = f"d-{ordinal - 1}" if ordinal > 1 and draw(st.booleans()) else None
        kind = "chair" if role == "chair" else "speech"
        turns.append(Turn(f"d-{ordinal}", ordinal, speaker, kind, 1, None, before, None, None, draw(TEXT)))
    open_turns = [turn for turn in turns if turn.speaker.role != "chair"]
    issues = tuple(draw(st.permutations(ISSUES)))
    stance, arguments = {}, {}
    for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1, max_size=3)):
        pairs = [(turn, issue) for turn in open_turns for issue in sorted(issues) if draw(st.booleans())]
        labels = []
        for turn, issue in pairs:
            chosen, nuance = draw(LABELS | NUANCES)
            evidence = draw(spans(turn.text, 2))
            labels.append(Label(turn.ordinal, issue, chosen, turn.speaker.name, evidence, nuance))
        kinds = draw(st.sampled_from(["stance", "arguments", "both"]))
        if kinds != "arguments":
            stance[person] = labels
        if kinds != "stance":
            read = [turn for turn in open_turns if draw(st.booleans())]
            arguments[person] = [one for turn in read for one in draw(sentences(turn))]
    return make(Debate("d", "Bruggen", tuple(turns)), stance, arguments, issues)


def _coarse(layers):
    return {
        name: replace(layer, labels=tuple(replace(label, nuance=None) for label in layer.labels))
        for name, layer in layers.items()
    }


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_made_debate(formats, make, name, data):
    if name == "cas":
        pytest.importorskip("cassis")
    made = data.draw(debates(make))
    export, take = formats[name]
    with tempfile.TemporaryDirectory() as place:
        export(made, Path(place) / "out")
        imported = take(Path(place) / "out", made)
    # Label Studio shows the label and not the finer fields that make it.
    assert imported.stance == (_coarse(made.stance) if name == "label-studio" else made.stance)
    assert imported.arguments == made.arguments


@pytest.mark.parametrize("name", NAMES)
def test_small_debate(formats, small, tmp_path, name):
    if name == "cas":
        pytest.importorskip("cassis")
    export, take = formats[name]
    export(small, tmp_path / "out")
    imported = take(tmp_path / "out", small.without_layers())
    assert (imported.stance, imported.arguments) == (small.stance, small.arguments)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_debate_comes_back_byte_for_byte(formats, tmp_path, name):
    if name == "cas":
        pytest.importorskip("cassis")
    shipped = SHIPPED[0].parent
    export, take = formats[name]
    export(load_annotations(shipped), tmp_path / "out")
    save_annotations(take(tmp_path / "out", load_annotations(shipped)), tmp_path / "back")
    layers = [*shipped.glob("stance.*.jsonl"), *shipped.glob("arguments.*.jsonl"), shipped / "source.json"]
    assert len(layers) > 3
    assert {path.name for path in (tmp_path / "back").iterdir()} == {path.name for path in layers}
    for path in layers:
        assert (tmp_path / "back" / path.name).read_bytes() == path.read_bytes()


def test_update_keeps_what_the_new_layers_leave_out(small, make):
    label = Label(2, "no_fly_zone", "favor", "Jansen")
    sentence = Sentence(4, (0, 6), "Jansen", "claim")
    new = make(small.debate, {"lm-a": [label], "piet": [label]}, {"lm-a": [sentence]})
    imported = updated(small, new)
    assert set(imported.stance) == {*small.stance, "piet"}
    old = small.stance["lm-a"].labels
    assert imported.stance["lm-a"].labels == (old[0], label, old[2])
    assert imported.stance["adjudicated"] == small.stance["adjudicated"]
    assert imported.arguments["lm-a"].sentences == (*small.arguments["lm-a"].sentences[:4], sentence)
    assert imported.arguments["jan@uni.nl"] == small.arguments["jan@uni.nl"]
