import json

import pytest

from standpunt.annotation.agreement import argument_agreement
from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.errors import LayerError

HEADER = {
    "layer": "arguments",
    "annotator": "a",
    "codebook": 1,
    "source": {"title": "Bruggen", "date": "2031-01-01", "sha256": "0" * 64},
}
CLAIM = {"turn": 2, "speaker": "Jansen", "start": 0, "end": 5, "component": "claim"} | dict.fromkeys(
    ("frame", "relation", "target")
)
PREMISE = CLAIM | {
    "start": 11, "end": 20, "component": "premise", "frame": "other", "relation": "support", "target": [0, 5],
}  # fmt: skip


def sentence(turn, start, end, component, *more):
    return Sentence(turn, (start, end), "Jansen", component, *more)


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([CLAIM | {"turn": "2"}], "line 2: 'turn', 'start' and 'end' must be whole numbers"),
        ([CLAIM | {"end": 5.5}], "line 2: .*whole numbers"),
        ([CLAIM, PREMISE | {"target": [0]}], "line 3: .*'target' a pair"),
        ([CLAIM | {"component": "thesis"}], "line 2: unknown component 'thesis'"),
        ([CLAIM | {"frame": "other"}], "line 2: a premise has a frame and nothing else has; got claim, other"),
        ([CLAIM, PREMISE | {"relation": None}], "line 3: relation and target go together"),
        ([CLAIM, CLAIM], "line 3: sentence .* stands there twice"),
        ([CLAIM, PREMISE | {"target": [11, 20]}], "line 3: the target .* is no claim of turn 2"),
    ],
)
def test_malformed_layer_names_the_line(tmp_path, lines, where):
    path = tmp_path / "arguments.a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in (HEADER, *lines)))
    with pytest.raises(LayerError, match=where):
        ArgumentLayer.load(path)


def test_links_agree_whatever_else_an_annotator_takes_for_a_sentence():
    first, second = [], []
    for turn in range(1, 9):
        aim = ("other", "support", (0, 5)) if turn % 2 else ("other",)
        shared = [sentence(turn, 0, 5, "claim"), sentence(turn, 11, 20, "premise", *aim)]
        first += [*shared, sentence(turn, 6, 10, "none")]
        second += shared
    layers = [ArgumentLayer(name, "s", tuple(found)) for name, found in (("a", first), ("b", second))]
    *_, link = argument_agreement([layers], resamples=10)
    assert (link["layer"], link["alpha"], link["same"]) == ("link", 1, 1)


def test_agreement_needs_different_annotators():
    layer = ArgumentLayer("a", "s", (sentence(1, 0, 5, "claim"),))
    other = ArgumentLayer("b", "s", layer.sentences)
    for layers in ([layer], [layer, layer], [layer, other, layer]):
        with pytest.raises(LayerError, match="two or more different annotators on a debate; got a"):
            argument_agreement([layers])
