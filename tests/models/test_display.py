"""What a model says of itself on a line and in a notebook."""

import pytest
from IPython.core.formatters import DisplayFormatter

from standpunt import Model
from standpunt.models.display import structure
from standpunt.models.provenance import Provenance


def test_a_line_names_family_labels_and_training(make, rows):
    model = make("tfidf")
    assert repr(model) == ("<Tfidf 'tfidf': favor, against, neutral; not trained here, or it is not recorded on what>")
    model.fit(rows)
    assert repr(model) == "<Tfidf 'tfidf': favor, against, neutral; trained on 60 rows>"
    model.provenance = Provenance(corpora=["fictional", "mine"], rows=21592)
    assert repr(model).endswith("trained on 21,592 rows of fictional, mine>")


def test_the_structure_is_that_of_all_models_within():
    assert structure(Model.outline("standpunt-nl-e5").config) == "collective (two_stage (blend (tfidf, poles)))"


def test_a_notebook_shows_what_was_measured_and_which_issues_it_knows():
    model = Model.load("standpunt-nl")
    shown, _ = DisplayFormatter().format(model)
    assert shown["text/plain"] == repr(model)
    page = shown["text/html"]
    assert "a two_stage (tfidf) model for the task stance_joint" in page
    counted = model.scores.measurements[0].overall
    assert f"<td>{counted.labelled}</td><td>{counted.share:.0%}</td>" in page
    assert f"knows {len(model.issues)} issues" in page
    assert "no_fly_zone" in page


@pytest.mark.parametrize("name", ["<b>mine</b>", "a & b"])
def test_names_are_escaped(make, name):
    model = make("majority")
    model.config.name = name
    assert name not in model._repr_html_()
    assert "language: not recorded" in model._repr_html_()
