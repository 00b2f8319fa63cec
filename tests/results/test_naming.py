from hypothesis import given
from hypothesis import strategies as st

from standpunt.results.naming import flat, row_labels

POLES = {"family": "poles", "epochs": 30}
WORDS = {"family": "tfidf", "c": 1.0}


def labels(*members: dict) -> list[str]:
    return row_labels([flat({"model": {"name": "blend", "members": one}}) for one in members])


def test_only_the_settings_of_a_member_that_differ_are_named():
    more = POLES | {"epochs": 60}
    assert labels({"words": WORDS, "poles": POLES}, {"words": WORDS, "poles": more}) == [
        "blend members.poles.epochs=30",
        "blend members.poles.epochs=60",
    ]


def test_a_member_that_others_lack_is_named():
    assert labels({"words": WORDS}, {"words": WORDS, "poles": POLES}) == ["blend", "blend members.poles"]
    more = POLES | {"epochs": 60}
    assert labels({"words": WORDS}, {"words": WORDS, "poles": POLES}, {"words": WORDS, "poles": more}) == [
        "blend",
        "blend members.poles members.poles.epochs=30",
        "blend members.poles members.poles.epochs=60",
    ]


def test_a_setting_of_another_family_tells_nothing():
    assert row_labels([{"model.name": "a", "model.c": "1"}, {"model.name": "a"}]) == ["a", "a"]


LEAVES = st.none() | st.integers(0, 1)
NESTED = st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3), max_leaves=6)


@given(st.lists(NESTED, min_size=2, max_size=4))
def test_runs_have_the_same_label_where_their_settings_are_the_same(members):
    settings = [{"model.name": "blend", "model.members": one} for one in members]
    named = row_labels(settings)
    for one, label in zip(settings, named, strict=True):
        assert [other == label for other in named] == [other == one for other in settings]
