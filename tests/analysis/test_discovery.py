from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from standpunt.analysis.discovery.drafts import as_proposition, drafts_of, proposition_of
from standpunt.analysis.discovery.sayings import sayings_of, vectors_of_sayings
from standpunt.analysis.discovery.suggestions import suggest
from standpunt.annotation.issues import issue_from_record, load_issue
from standpunt.corpora.corpus import load_corpus
from standpunt.models.combined.arguments import ArgumentModel

ZONE = "De demissionaire regering moet zich inzetten voor te kleine bruggen."
BRIDGES, TREES = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])


def saying(ordinal, speaker, text, *, claim=True, request=False, debate="d", sentence=1, holder="Rood"):
    return {
        "debate": debate, "ordinal": ordinal, "sentence": sentence, "speaker": speaker, "holder": holder, "text": text,
        "claim": claim, "request": request,
    }  # fmt: skip


def near(centre, *others):
    vectors = np.stack([centre + 0.3 * np.eye(3)[2] * side for side in others])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def two_matters():
    """Return claims of three turns on bridges, of two people, and of three turns on trees, of one."""
    bridge, tree = "De bruggen moeten echt heel snel dicht", "De bomen moeten echt heel snel om"
    said = [saying(n, who, f"{bridge} {n}") for n, who in ((1, "A"), (2, "B"), (3, "A"))]
    said += [saying(n, "A", f"{tree} {n}") for n in (4, 5, 6)]
    return pd.DataFrame(said), np.concatenate([near(BRIDGES, 1, -1, 1), near(TREES, 1, -1, 1)]).astype(np.float32)


def test_matters_of_several_people_are_found(two_matters):
    sayings, vectors = two_matters
    (found,) = suggest(sayings, vectors)
    assert found.turns == [("d", 1), ("d", 2), ("d", 3)]
    assert (found.speakers, found.debates, found.motions) == (2, 1, 0)
    assert found.holders == {"Rood": 3}
    sayings.loc[4, "speaker"] = "C"
    assert [one.turns[0] for one in suggest(sayings, vectors)] == [("d", 1), ("d", 4)]
    assert len(suggest(sayings, vectors, 1)) == 1
    assert suggest(sayings.iloc[:2], vectors[:2]) == []


def test_the_same_matter_of_two_debates_is_one(two_matters):
    sayings, vectors = two_matters
    both = pd.concat([sayings, sayings.assign(debate="e")], ignore_index=True)
    (found,) = suggest(both, np.concatenate([vectors, vectors]))
    assert found.debates == 2
    assert len(found.turns) == 6


def test_what_a_claim_about_the_order_of_business_says_is_no_matter(two_matters):
    sayings, vectors = two_matters
    assert suggest(sayings.assign(text="Die motie krijgt van mij oordeel Kamer"), vectors) == []


def test_a_request_is_a_matter_with_what_is_near_it(two_matters):
    sayings, vectors = two_matters
    request = saying(7, "D", "verzoekt de regering de bruggen te sluiten", claim=False, request=True)
    sayings = pd.concat([sayings.assign(claim=False), pd.DataFrame([request])], ignore_index=True)
    sayings.loc[0, "claim"] = sayings.loc[1, "claim"] = True
    (found,) = suggest(sayings, np.concatenate([vectors, near(BRIDGES, 1)]).astype(np.float32))
    assert found.motions == 1
    assert proposition_of(found) == "De regering moet de bruggen sluiten."


@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        ("verzoekt de regering een zone in te stellen,", "De regering moet een zone instellen."),
        ("verzoekt de regering om de bruggen te verven, en dit te melden", None),
        ("verzoekt het kabinet dit in kaart te brengen", "Het kabinet moet dit in kaart brengen."),
        ("verzoekt de demissionaire regering zich in te zetten voor te kleine bruggen", ZONE),
        ("spreekt uit de bruggen te sluiten", "De Kamer wil de bruggen sluiten."),
        ("spreekt uit dat bruggen groen moeten zijn", "Bruggen groen moeten zijn."),
        ("Wij moeten de bruggen sluiten!", "Wij moeten de bruggen sluiten!"),
    ],
)
def test_requests_become_propositions(text, proposition):
    assert as_proposition(text) == (proposition or "De regering moet de bruggen verven, en dit te melden.")


def test_drafts_are_issue_files(two_matters, tmp_path):
    sayings, vectors = two_matters
    (draft,) = drafts_of(suggest(sayings, vectors), sayings)
    issue = issue_from_record(yaml.safe_load(draft.text), "draft")
    assert issue.name == draft.name
    assert issue.proposition["nl"] == draft.proposition
    assert "# How often: 3 turns of 2 speakers in 1 debate, 0 motions." in draft.text
    assert "# By whom (turns): Rood 3." in draft.text
    assert "# - d, turn 2 (B, Rood): De bruggen moeten echt heel snel dicht 2" in draft.text
    (tmp_path / f"{draft.name}.yaml").write_text(draft.text, encoding="utf-8")
    assert load_issue(str(tmp_path / f"{draft.name}.yaml")) == issue
    assert issue.unwritten == ("definition", "pro", "con")
    assert not load_issue("no_fly_zone").unwritten
    (bare,) = drafts_of(suggest(sayings, vectors), sayings, quotes=False)
    assert "# - d, turn 2 (B, Rood)\n" in bare.text


def test_sayings_of_a_debate():
    debate = load_corpus("fictional").debates[0].debate
    sayings = sayings_of([debate], ArgumentModel.load("standpunt-nl-arguments"))
    chair = {turn.ordinal for turn in debate.turns if turn.speaker.role == "chair"}
    motions = {turn.ordinal for turn in debate.turns if turn.kind == "motion"}
    assert not chair & set(sayings["ordinal"])
    assert set(sayings.loc[sayings["request"], "ordinal"]) == motions
    assert not sayings.loc[sayings["ordinal"].isin(motions), "claim"].any()
    assert sayings["claim"].any()
    vectors = vectors_of_sayings(sayings)
    assert vectors.shape[0] == len(sayings)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    found = suggest(sayings, vectors, 5)
    assert found
    assert [one.width for one in found] == sorted((one.width for one in found), reverse=True)
    assert all(turn not in chair for one in found for _, turn in one.turns)
    assert len(sayings_of([], ArgumentModel.load("standpunt-nl-arguments"))) == 0


def test_a_debate_in_which_only_the_chair_speaks_is_no_hindrance():
    model = ArgumentModel.load("standpunt-nl-arguments")
    debate = load_corpus("fictional").debates[0].debate
    chair = next(turn for turn in debate.turns if turn.speaker.role == "chair")
    sayings = sayings_of([replace(debate, id="opening", turns=(chair,)), debate], model)
    assert {*sayings["debate"]} == {debate.id}
    assert sayings[["claim", "request"]].dtypes.eq(bool).all()
    assert suggest(sayings, vectors_of_sayings(sayings), 1)
