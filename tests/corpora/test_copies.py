"""A corpus copied, so that layers can be added to it."""

import shutil

import pytest
import yaml

from standpunt.corpora.copies import copied, debates_named, ships
from standpunt.corpora.corpus import corpus_folder, load_corpus
from standpunt.errors import InputError

FIRST, SECOND = "2031-03-04-luchtverdediging", "2032-06-08-aanval-op-odesa"


def test_a_copy_is_the_same_corpus(tmp_path):
    place = copied("fictional", tmp_path / "mine", [FIRST, SECOND])
    loaded = load_corpus(str(place))
    assert [item.name for item in loaded.debates] == [FIRST, SECOND]
    assert loaded.debates[1].part == "test"
    assert (ships(corpus_folder("fictional")), ships(place)) == (True, False)
    assert copied("fictional", place, [FIRST]) == place  # as it is


def test_another_folder_is_not_taken_for_a_copy(tmp_path):
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is there already and is no copy of fictional with 2031-03-04"):
        copied("fictional", tmp_path, [FIRST])
    place = copied("fictional", tmp_path / "mine", [FIRST])
    shutil.copy(corpus_folder("fictional") / SECOND / "source.json", place / FIRST / "source.json")
    with pytest.raises(InputError, match="another text than in fictional"):
        copied("fictional", place, [FIRST])


def test_parts_of_debates_left_out_are_left_out(tmp_path):
    card = yaml.safe_load((copied("fictional", tmp_path / "mine", [FIRST]) / "corpus.yaml").read_text("utf-8"))
    assert card["parts"] == {"dev": [], "test": []}
    with pytest.raises(InputError, match="unknown debate of corpus fictional 'x'"):
        debates_named(corpus_folder("fictional"), ["x"])
