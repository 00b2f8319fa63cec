"""What a protocol says of itself, and a protocol of another package."""

from dataclasses import dataclass

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.splits import PROTOCOLS, UNITS, Division, Protocol, SplitConfig, get_protocol


@pytest.mark.parametrize(
    ("settings", "words", "held_out", "cluster"),
    [
        (SplitConfig("leave_one_out", "debate"), "leave one debate out", "debate", "debate"),
        (SplitConfig("random_by_group", "party"), "random folds of whole party groups", "party", "party"),
        (SplitConfig("k_shot"), "k-shot by issue", "issue", "issue"),
        (SplitConfig("time_forward"), "tested on the latest days", None, "debate"),
        (SplitConfig("parts"), "parts of the data set", None, "debate"),
        (SplitConfig("train_test"), "trained on all rows", None, "speaker"),
    ],
)
def test_a_protocol_says_how_it_is_called_what_it_holds_out_and_what_is_resampled(settings, words, held_out, cluster):
    protocol = get_protocol(settings)
    assert (protocol.words, protocol.held_out, protocol.cluster) == (words, held_out, cluster)


def test_only_time_forward_goes_by_time_and_only_parts_by_part():
    assert [name for name in PROTOCOLS.names() if PROTOCOLS.get(name).chronological] == ["time_forward"]
    assert [name for name in PROTOCOLS.names() if PROTOCOLS.get(name).by_part] == ["parts"]


@pytest.mark.parametrize("name", PROTOCOLS.names())
def test_every_protocol_that_ships_has_a_name_that_settings_take(name):
    assert get_protocol(SplitConfig(name)).settings.unit in UNITS


def test_near_duplicates_are_left_out_of_the_training_of_a_protocol_of_ones_own(monkeypatch):
    monkeypatch.setattr(PROTOCOLS, "_things", dict(PROTOCOLS._things))

    @dataclass
    class FirstConfig(SplitConfig):
        name: str = "first_rows"
        first: int = 1

    @PROTOCOLS.register("first_rows")
    class FirstRows(Protocol):
        settings_class = FirstConfig
        words = "the first rows out"

        def divide(self, rows, duplicates, seed):
            order = np.arange(len(rows))
            yield Division(order[self.settings.first :], {"first": order[: self.settings.first]})

    rows = [{"id": str(number), "text": text} for number, text in enumerate(["Ja.", "Nee.", "ja", "Soms."])]
    (fold,) = get_protocol(FirstConfig(first=1)).folds(rows)
    assert (fold.train.tolist(), fold.test.tolist(), fold.dropped.tolist()) == ([1, 3], [0], [2])
    with pytest.raises(InputError, match="split, the first rows out: nothing is left to train on where first is"):
        get_protocol(FirstConfig(first=1)).folds(rows[::2])
