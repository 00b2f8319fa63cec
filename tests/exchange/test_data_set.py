import socket

import pyarrow as pa
import pytest
import yaml
from datasets import get_dataset_config_names, load_dataset
from pyarrow import parquet

from standpunt.annotation.nuance import NUANCE_FIELDS
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import load_annotations
from standpunt.exchange.data_set import CARD, SCHEMAS, TABLES, export_data_set
from standpunt.exchange.data_set_import import import_data_set
from standpunt.storage.paths import CORPORA


@pytest.fixture
def out(small, tmp_path):
    export_data_set([small], tmp_path / "out", title="Bruggen")
    return tmp_path / "out"


@pytest.fixture
def load(out, tmp_path, monkeypatch):
    """Return a function that loads a table as a user does, without a network."""

    def refuse(*_):
        raise AssertionError("a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    def load_table(*name):
        return load_dataset(str(out), *name, cache_dir=str(tmp_path / "cache"), split="train")

    return load_table


def test_load_dataset_gives_stance(load, small):
    loaded = load()
    assert loaded.column_names == SCHEMAS["stance"].names
    first = loaded[0]
    assert (first["annotator"], first["ordinal"], first["label"]) == ("adjudicated", 2, "against")
    assert first["text"] == small.debate.turn(2).text
    assert [first["text"][start:end] for start, end in first["evidence"]] == [
        "🛩 Ik wil geen lawaai.",
        "Laat de bruggen dicht.",
    ]
    assert first["proposition"] == small.definitions["no_fly_zone"].proposition["nl"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_loads_with_the_features_of_the_card(load, out, name):
    loaded = load(name)
    rows = parquet.read_table(out / f"{name}.parquet")
    assert loaded.num_rows == len(rows) > 0
    assert loaded.features.arrow_schema.remove_metadata() == SCHEMAS[name]
    assert loaded.to_list() == rows.to_pylist()


def test_card_says_what_is_there(out):
    head, _, text = (out / CARD).read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    card = yaml.safe_load(head)
    assert [config["config_name"] for config in card["configs"]] == list(TABLES)
    assert card["language"] == ["nl"]
    assert "| `arguments` | 6 |" in text
    assert "adjudicated, jan@uni.nl, leeg, lm-a" in text


def test_tables_without_rows_are_not_in_the_card(make, small, tmp_path):
    made = make(small.debate, {"a": []})
    export_data_set([made], tmp_path / "out", title="Bruggen")
    # `datasets` itself fails on a table without rows; the card does not offer one.
    loaded = load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"), split="train")
    assert loaded.column_names == SCHEMAS["turns"].names
    assert get_dataset_config_names(str(tmp_path / "out")) == ["turns", "layers"]
    assert import_data_set(tmp_path / "out", made.without_layers()).stance == made.stance


def test_each_debate_of_a_corpus_comes_back(tmp_path):
    debates = [load_annotations(path.parent) for path in sorted(CORPORA.glob("fictional/*/source.json"))[:3]]
    export_data_set(debates, tmp_path / "out", title="A fictional parliament")
    for debate in debates:
        imported = import_data_set(tmp_path / "out", debate.without_layers())
        assert (imported.stance, imported.arguments) == (debate.stance, debate.arguments)


def change(path, number, **cells):
    table = parquet.read_table(path)
    rows = table.to_pylist()
    rows[number] |= cells
    parquet.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


@pytest.mark.parametrize(
    ("name", "cells", "why"),
    [
        ("stance", {"label": "voor"}, r"stance\.parquet, row 1: unknown label 'voor'"),
        ("stance", {"issue": "no_fly"}, "unknown issue 'no_fly'"),
        ("stance", {"ordinal": 3}, "its text is not that of turn 3"),
        ("stance", {"ordinal": None}, "there is no turn None"),
        ("stance", {"text": "Iets anders."}, "its text is not that of turn 2"),
        ("stance", {"speaker": "Smit"}, "turn 2 is spoken by Jansen, not Smit"),
        ("stance", {"evidence": [[0, 9999]]}, "lies outside turn 2"),
        ("stance", {"evidence": [[0]]}, "row 1: not a row that was exported"),
        ("stance", {"evidence": None}, "row 1: not a row that was exported"),
        ("stance", {"annotator": "piet"}, r"no layer of piet in layers\.parquet"),
        ("arguments", {"component": "thesis"}, r"arguments\.parquet, row 1: unknown component 'thesis'"),
        ("arguments", {"start": 1}, "there is|are '"),
        ("arguments", {"target": [0, 7]}, "relation and target go together"),
        ("layers", {"issues": None}, "layers.parquet, row 1: not a row that was exported"),
    ],
)
def test_wrong_row_is_refused_with_its_place(out, small, name, cells, why):
    change(out / f"{name}.parquet", 0, **cells)
    with pytest.raises(LayerError, match=why):
        import_data_set(out, small.without_layers())


def test_folder_of_another_debate(out):
    other = load_annotations(CORPORA / "fictional" / "2031-03-04-luchtverdediging")
    with pytest.raises(LayerError, match=r"no layer on .* in it"):
        import_data_set(out, other)


def test_table_made_before_there_were_finer_fields(out, small):
    stance = out / "stance.parquet"
    parquet.write_table(parquet.read_table(stance).drop_columns(list(NUANCE_FIELDS)), stance)
    assert import_data_set(out, small.without_layers()).stance == small.stance


def test_wrong_tables(out, small, tmp_path):
    stance = out / "stance.parquet"
    table = parquet.read_table(stance)
    parquet.write_table(table.append_column("note", pa.array(["x"] * len(table))), stance)
    with pytest.raises(LayerError, match=r"stance\.parquet: expected the columns debate, turn, .* got .* note"):
        import_data_set(out, small)
    parquet.write_table(table.set_column(2, "ordinal", pa.array(["twee"] * len(table))), stance)
    with pytest.raises(LayerError, match="a column is not of the type it was exported with"):
        import_data_set(out, small)
    parquet.write_table(table.set_column(2, "ordinal", pa.array([{"a": 1}] * len(table))), stance)
    with pytest.raises(LayerError, match="a column is not of the type it was exported with"):
        import_data_set(out, small)
    stance.write_bytes(b"no parquet")
    with pytest.raises(LayerError, match="not a Parquet file"):
        import_data_set(out, small)
    stance.unlink()
    with pytest.raises(LayerError, match=r"stance\.parquet: cannot be read"):
        import_data_set(out, small)
    with pytest.raises(LayerError, match=r"layers\.parquet: cannot be read"):
        import_data_set(tmp_path / "weg", small)


def test_nothing_is_written_over(small, out):
    with pytest.raises(InputError, match="exists already"):
        export_data_set([small], out, title="Bruggen")
