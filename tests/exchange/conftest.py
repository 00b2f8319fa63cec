"""A small debate of our own with layers of two annotators, and ways to lay them out and take them in."""

from dataclasses import replace

import pytest

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.issues import load_issues
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.exchange.annotations import Annotations, save_annotations
from standpunt.exchange.cas import export_cas
from standpunt.exchange.cas_import import import_cas
from standpunt.exchange.data_set import export_data_set
from standpunt.exchange.data_set_import import import_data_set
from standpunt.exchange.label_studio import TASKS, export_label_studio
from standpunt.exchange.label_studio_import import import_label_studio
from standpunt.exchange.sheets import export_sheets
from standpunt.exchange.sheets_import import import_sheets

ISSUES = ("no_fly_zone", "frozen_assets")
FORMATS = {
    "label-studio": (export_label_studio, lambda out, base: import_label_studio(out / TASKS, base)),
    "cas": (export_cas, lambda out, base: import_cas(sorted(out.glob("*.xmi")), base)),
    "csv": (export_sheets, import_sheets),
    "datasets": (lambda made, out: export_data_set([made], out, title="Bruggen"), import_data_set),
}


def make_annotations(debate, stance=(), arguments=(), issues=ISSUES):
    """Lay labels and sentences, given by annotator, upon a debate."""
    source = Source.from_debate(debate, title="Bruggen", date="2031-01-01")
    return Annotations(
        source,
        debate,
        {name: Layer(name, issues, source.sha256, tuple(labels)) for name, labels in dict(stance).items()},
        {name: ArgumentLayer(name, source.sha256, tuple(found)) for name, found in dict(arguments).items()},
        load_issues([name for name in issues if name in ISSUES]),
    )


@pytest.fixture(scope="session")
def bridges(read):
    """Return a debate of four turns: 1 chair, 2 Jansen, 3 Smit (who answers), 4 Jansen."""
    return read(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        (
            "De heer Jansen (Rood)",
            "Voorzitter. Laat de bruggen dicht.",
            "Want verf is duur. 🛩 Ik wil geen lawaai.",
        ),
        ("Mevrouw Smit (Geel)", "=SOM(A1) is geen antwoord. Waarom?"),
        ("De heer Jansen (Rood)", "Daarom."),
    )


@pytest.fixture(scope="session")
def small(bridges):
    text = bridges.turn(2).text
    cuts = [text.index(word) for word in ("Voorzitter", "Laat", "Want", "🛩")]
    ends = [text.index(word) + len(word) for word in ("Voorzitter.", "dicht.", "duur.", "lawaai.")]
    first, claim, reason, last = zip(cuts, ends, strict=True)
    labels = [
        Label(2, "frozen_assets", "neutral", "Jansen"),
        Label(2, "no_fly_zone", "against", "Jansen", (last, claim)),
        Label(3, "no_fly_zone", "favor", "Smit", ((0, 26),)),
    ]
    sentences = [
        Sentence(2, first, "Jansen", "none"),
        Sentence(2, claim, "Jansen", "claim"),
        Sentence(2, reason, "Jansen", "premise", "economic", "support", claim),
        Sentence(2, last, "Jansen", "premise", "security"),
        Sentence(4, (0, 7), "Jansen", "claim"),
    ]
    made = make_annotations(
        bridges,
        {"lm-a": labels, "adjudicated": labels[1:], "leeg": []},
        {"lm-a": sentences, "jan@uni.nl": sentences[4:]},
    )
    # Codebooks and lists of issues may differ from layer to layer.
    other, old = replace(made.stance["adjudicated"], issues=("no_fly_zone",)), replace(made.stance["lm-a"], codebook=1)
    return replace(made, stance={**made.stance, "adjudicated": other, "lm-a": old})


@pytest.fixture
def folder(small, tmp_path):
    """Return the folder of the small debate, with its text."""
    place = tmp_path / "bruggen"
    save_annotations(small, place)
    (place / "report.txt").write_text(small.debate.source, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def make():
    return make_annotations


@pytest.fixture(scope="session")
def formats():
    """Return how each format is written to a folder and read from it."""
    return FORMATS
