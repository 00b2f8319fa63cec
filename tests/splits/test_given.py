"""The division a data set comes with, and that of a configuration by name."""

import pytest

from standpunt.errors import InputError
from standpunt.splits import PROTOCOLS, SplitConfig, get_protocol

PARTS = get_protocol(SplitConfig("parts"))


def rows_of(*pairs):
    return [{"id": str(n), "part": part, "text": text} for n, (part, text) in enumerate(pairs)]


def test_parts_share_training_and_dev_rows_without_texts_that_are_tested_on():
    rows = rows_of(
        ("train", "Ja."), ("train", "Nee."), ("dev", "Soms."), ("dev", "nooit"), ("a", "nee"), ("b", "Nooit."),
        ("b", "Altijd."), ("train", "Altijd!"),
    )  # fmt: skip
    folds = PARTS.folds(rows)
    assert [(fold.unit, fold.test.tolist()) for fold in folds] == [("a", [4]), ("b", [5, 6])]
    assert {tuple(fold.train.tolist()) for fold in folds} == {(0,)}
    assert {tuple(fold.dev.tolist()) for fold in folds} == {(2,)}
    assert {tuple(sorted(fold.dropped.tolist())) for fold in folds} == {(1, 3, 7)}


def test_rows_without_parts_or_with_one_only_are_refused():
    with pytest.raises(InputError, match="no column 'part'"):
        PARTS.folds([{"id": "1", "text": "Ja."}])
    with pytest.raises(InputError, match="it needs train and another one"):
        PARTS.folds(rows_of(("train", "Ja."), ("dev", "Nee.")))


def test_train_test_has_no_folds():
    assert get_protocol(SplitConfig("train_test")).folds(rows_of(("train", "Ja."))) == []


def test_unknown_protocol_is_refused():
    with pytest.raises(InputError, match="k_shot"):
        SplitConfig("by_chance")
    assert "random_by_group" in PROTOCOLS.names()
