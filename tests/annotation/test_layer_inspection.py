import pytest

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.inspection import inspect_layer
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError


@pytest.fixture
def inspected(read, tmp_path):
    """Return a function that saves an argument layer of one sentence and inspects it, with or without the text."""
    debate = read(("De voorzitter", "Het woord is aan de heer Jansen."), ("De heer Jansen (Rood)", "Dicht. Nu."))
    source = Source.from_debate(debate, title="Bruggen", date="2031-01-01")
    source.save(tmp_path / "source.json")

    def save_and_inspect(turn, speaker="Jansen", *, text=True):
        layer = ArgumentLayer("a", source.sha256, (Sentence(turn, (0, 6), speaker, "claim"),))
        layer.save(tmp_path / "arguments.a.jsonl", source)
        return inspect_layer(tmp_path / "arguments.a.jsonl", lambda folder, about: debate if text else None)

    return save_and_inspect


def test_argument_layer_is_counted(inspected):
    record = inspected(2)
    assert (record["layer"], record["records"], record["labels"]) == ("arguments", 1, {"claim": 1})
    assert record["oddities"] == {"text outside sentences": 1}


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize(
    ("turn", "speaker", "why"),
    [
        (0, "Jansen", "there is no turn 0"),
        (3, "Jansen", "there is no turn 3"),
        (2, "Smit", "turn 2 is spoken by Jansen, not Smit"),
        (1, "De voorzitter", "turn 1 is the chair's"),
    ],
)
def test_wrong_anchor_is_refused_with_and_without_the_text(inspected, turn, speaker, why, text):
    with pytest.raises(LayerError, match=why):
        inspected(turn, speaker, text=text)
