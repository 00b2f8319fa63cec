"""Poles beyond the contract: what they are, that they change sides, and that issues no model saw are told apart."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from standpunt.annotation.issues import Issue
from standpunt.errors import InputError
from standpunt.models import Model, build
from standpunt.models.frozen.bilinear import BilinearScorer, BilinearSettings, fit_bilinear
from standpunt.models.frozen.poles import PolesConfig, _pooled, _shares
from standpunt.models.sides import definition, poles
from standpunt.text.negation import negated

LABELS = ("favor", "against", "neutral")
BRIDGE = Issue(
    "bridge",
    {"nl": "Er moet een brug komen.", "en": "A bridge must be built."},
    {"nl": "Over de brug.", "en": "About the bridge."},
    {"nl": "Bouwen, en snel.", "en": "Build it, and soon."},
    {"nl": "Niet bouwen.", "en": "Do not build it."},
)


def made(issues, tiny_encoder, labels=LABELS, **settings):
    config = PolesConfig(encoder=tiny_encoder, n_seeds=1, epochs=3, rank=4, max_tokens=48, **settings)
    return build(config, labels, issues)


# What the poles are.
@pytest.mark.parametrize("language", ["nl", "en"])
def test_they_are_those_of_the_definition_in_the_language_of_the_text(language):
    (pro, longer), (con, _) = poles(BRIDGE.proposition[language], BRIDGE, language)
    assert (pro, con) == (BRIDGE.pro[language], BRIDGE.con[language])
    assert BRIDGE.proposition[language] in longer


def test_an_issue_that_is_not_defined_in_the_language_of_the_text_is_read_in_dutch():
    half = replace(BRIDGE, proposition=BRIDGE.proposition | {"de": "Es braucht eine Brücke."})
    dutch = BRIDGE.proposition["nl"]
    assert poles(dutch, half, "de") == poles(dutch, BRIDGE, "fr") == poles(dutch, BRIDGE, "nl")
    # Beside an English text the Dutch wording is not that of the issue.
    assert poles(dutch, BRIDGE, "en") == ((f"Ja. {dutch}",), (f"Nee. {negated(dutch)}",))


@pytest.mark.parametrize("issue", [None, BRIDGE])
def test_without_a_definition_they_are_the_proposition_and_its_opposite(issue):
    assert poles("Er moet geen brug komen.", issue, "nl") == (
        ("Ja. Er moet geen brug komen.",),
        ("Nee. Er moet brug komen.",),
    )
    assert poles("Weg ermee!", issue, "nl") == (("Ja. Weg ermee!",), ("Nee. Weg ermee!",))


def test_a_definition_is_in_the_language_of_the_text_and_of_no_other_proposition():
    assert definition("Er moet een brug komen.", BRIDGE, "nl") == (
        "Er moet een brug komen. Over de brug. Bouwen, en snel. Niet bouwen."
    )
    assert "About the bridge." in definition("A bridge must be built.", BRIDGE, "en")
    assert definition("Er moet geen brug komen.", BRIDGE, "nl") == "Er moet geen brug komen."
    assert definition("Weg ermee!", None, "nl") == "Weg ermee!"


# The comparison.
def vectors(n, width=16, seed=0):
    found = torch.randn(n, width, generator=torch.Generator().manual_seed(seed))
    return found / found.norm(dim=1, keepdim=True)


def test_answers_change_sides_with_the_poles():
    torch.manual_seed(0)
    network = BilinearScorer(torch.zeros(16), rank=3, others=2)
    torch.nn.init.normal_(network.linear)
    texts, pros, cons = vectors(5), vectors(5, seed=1), vectors(5, seed=2)
    given, turned = network(texts, pros, cons), network(texts, cons, pros)
    torch.testing.assert_close(turned, given[:, [1, 0, 2, 3]])
    torch.testing.assert_close(given[:, 0], -given[:, 1])


def test_it_learns_what_holds_for_poles_it_never_saw():
    texts, pros, cons = (vectors(2200, seed=seed) for seed in (0, 1, 2))
    hidden = torch.randn(16, 16, generator=torch.Generator().manual_seed(3))
    labels = (((texts @ hidden) * (pros - cons)).sum(dim=1) < 0).long()
    told = []
    network = fit_bilinear(
        *(part[:2000] for part in (texts, pros, cons, labels)),
        torch.ones(2000),
        BilinearSettings(epochs=15, batch_size=50, learning_rate=1e-2, weight_decay=0.0, dropout=0.0),
        rank=16,
        others=0,
        seed=0,
        watch=lambda *progress: told.append(progress),
    )
    with torch.inference_mode():
        answers = network(texts[2000:], pros[2000:], cons[2000:]).argmax(dim=1)
    assert (answers == labels[2000:]).float().mean() > 0.9
    assert told[-1][:2] == (30_000, 30_000)
    assert told[-1][2] < told[0][2]


# The model.
def test_windows_near_the_poles_weigh_more():
    owners, near = np.array([0, 0, 1]), np.array([0.9, 0.8, 0.1])
    np.testing.assert_allclose(_shares(0 * near, owners), [0.5, 0.5, 1.0])
    shares = _shares(10 * near, owners)
    np.testing.assert_allclose(shares, [1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1)), 1.0])
    values = np.array([[2.0, 0.0], [0.0, 1.0], [5.0, 5.0]])
    np.testing.assert_allclose(_pooled(values, shares, owners)[1], [5.0, 5.0])
    np.testing.assert_allclose(_pooled(values, shares, owners)[0], [2 * shares[0], shares[1]])


def test_words_that_an_issue_shares_with_a_window_decide_where_it_is_read(rows, tiny_encoder):
    model = made({"bridge": BRIDGE}, tiny_encoder, window_words=8).fit(rows)
    model._sharpness = (0.0, 40.0)
    text = "Voorzitter. Eerst het weer van gisteren en vandaag. Er moet nu snel een brug komen. Dan nog iets over mij."
    row = {"text": text, "issue": "bridge", "proposition": BRIDGE.proposition["nl"]}
    _, ((start, end),) = model.predict_with_evidence([row])
    assert "een brug komen" in text[start:end]


def test_an_issue_that_was_not_trained_on_is_read_by_its_definition(rows, tiny_encoder):
    model = made({}, tiny_encoder).fit(rows)
    row = {"text": "Voorzitter. Wij bouwen snel een brug.", "issue": "bridge", "proposition": BRIDGE.proposition["nl"]}
    without = model.predict_proba([row])
    told = model.knowing({"bridge": BRIDGE})
    assert not np.allclose(told.predict_proba([row]), without)
    np.testing.assert_array_equal(model.predict_proba([row]), without)


def test_what_carried_the_answer_is_a_span_of_the_turn(make, rows):
    model = make("poles").fit(rows)
    probabilities, spans = model.predict_with_evidence(rows)
    np.testing.assert_array_equal(probabilities, model.predict_proba(rows))
    assert all(0 <= start < end <= len(row["text"]) for (start, end), row in zip(spans, rows, strict=True))


def test_windows_are_compared_before_they_are_pooled(make, rows):
    model = make("poles").fit(rows)
    compared = model.compared(rows)
    assert compared.logits.shape == (len(compared.owners), len(model.labels))
    assert len(compared.near) == len(compared.spans) == len(compared.owners)
    pooled = _pooled(compared.logits, _shares(compared.near, compared.owners), compared.owners)
    np.testing.assert_array_equal(pooled.argmax(axis=1), model.predict_proba(rows).argmax(axis=1))


def test_rows_without_an_issue_to_address_are_a_label_like_others(rows, tiny_encoder, tmp_path):
    labels = (*LABELS, "none")
    mixed = [row | {"label": "none"} if place % 3 == 0 else row for place, row in enumerate(rows)]
    model = made({}, tiny_encoder, labels).fit(mixed)
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(mixed), model.predict_proba(mixed))


def test_bad_input_is_one_sentence(rows, tiny_encoder):
    with pytest.raises(InputError, match="needs the labels favor and against; those of the task are claim, premise"):
        made({}, tiny_encoder, ("claim", "premise")).fit([row | {"label": "claim"} for row in rows])
    for wrong in ({"rank": 0}, {"dropout": 1.0}, {"weight_decay": -1.0}, {"learning_rate": 0.0}, {"n_seeds": 0}):
        with pytest.raises(InputError, match=f"model.{next(iter(wrong))}"):
            PolesConfig(**wrong)
