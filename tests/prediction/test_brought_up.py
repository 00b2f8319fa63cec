"""Which issues a debate itself brings up."""

from dataclasses import replace

import numpy as np
import pytest

from standpunt.annotation.issues import load_issue, load_issues, shipped_issues
from standpunt.corpora.corpus import load_corpus
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.prediction.brought_up import LEAST, brought_up, prominence
from standpunt.prediction.predictor import Predictor

ALL = tuple(load_issues(shipped_issues()).values())


@pytest.fixture(scope="module")
def item():
    return next(item for item in load_corpus("fictional").debates if item.name == "2031-10-08-sancties-en-energie")


def test_most_of_what_a_debate_is_about_is_taken_and_little_else(item):
    labelled = {label.issue for label in item.layer("adjudicated").labels if label.label != "none"}
    taken = {issue.name for issue in brought_up(item.debate, ALL)}
    assert len(taken & labelled) >= 4  # of five that somebody takes a side on
    assert len(taken - labelled) <= 4  # of two hundred


def test_whether_an_issue_is_taken_depends_on_no_other(item):
    scores = prominence(item.debate, ALL)
    for place in np.argsort(scores)[[0, 100, -1]]:
        assert prominence(item.debate, [ALL[place]]) == pytest.approx(scores[place])
    backwards = brought_up(item.debate, ALL[::-1])
    assert backwards[::-1] == brought_up(item.debate, ALL)


def test_the_chair_brings_nothing_up(read):
    zone = load_issue("no_fly_zone")
    said = f"{zone.proposition['nl']} {zone.definition['nl']} {zone.pro['nl']}"
    chair, member = read(("De voorzitter", said)), read(("De voorzitter", "Ja."), ("Mevrouw Smit (Geel)", said))
    assert brought_up(chair, ALL) == ()
    assert zone in brought_up(member, ALL)
    assert prominence(read(("De voorzitter", "Ik open.")), [zone]).tolist() == [0.0]


def test_an_issue_of_ones_own_and_a_language_without_issues(read):
    zone = load_issue("no_fly_zone")
    own = replace(
        zone,
        name="free_ferry",
        aliases=("veerpont",),
        **{
            field: {"nl": "De veerponten moeten gratis worden."}
            for field in ("proposition", "definition", "pro", "con")
        },
    )
    debate = read(("Mevrouw Smit (Geel)", "Maak de veerponten gratis. Een gratis veerpont is goed voor iedereen hier."))
    assert brought_up(debate, [zone, own]) == (own,)
    assert prominence(debate, [own])[0] > LEAST
    assert brought_up(debate, [zone, own], "de") == (zone, own)


def test_a_predictor_asks_what_is_brought_up_where_no_issues_are_named(item):
    model = Majority(MajorityConfig(), ("favor", "against", "none"), {issue.name: issue for issue in ALL})
    model.fit([{"label": "favor"}])
    spoken = sum(turn.speaker.role != "chair" for turn in item.debate.turns)
    predictor = Predictor(model)
    asked = predictor.asked(item.debate)
    assert asked == brought_up(item.debate, ALL)
    frame = predictor.on(item.debate)
    assert set(frame["issue"]) == {issue.name for issue in asked}
    assert len(frame) == spoken * len(asked)
    assert len(Predictor(model, brought_up=False).on(item.debate)) == spoken * len(ALL)
    named = ["wolf_culling", asked[0].name]
    assert set(Predictor(model, named).on(item.debate)["issue"]) == set(named)
    assert set(Predictor(model, named, brought_up=True).on(item.debate)["issue"]) == {asked[0].name}
