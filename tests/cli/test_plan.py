"""What a command will run, composed before anything does."""

import shutil

import pytest

from standpunt.cli import plan
from standpunt.cli.config_errors import wording_errors
from standpunt.cli.plan import locate, make_plan, settings_of
from standpunt.errors import InputError
from standpunt.storage.paths import configs_dir, experiments_dir

HEAD = "defaults: [config, override model: tfidf, _self_]\nname: mine\n"


@pytest.fixture
def planned(tmp_path):
    """Return a function that plans an experiment of one's own with these overrides."""
    (tmp_path / "mine.yaml").write_text(HEAD, encoding="utf-8")

    def make(*overrides, multirun=True):
        with wording_errors(tmp_path / "mine.yaml", overrides, lambda: settings_of(tmp_path, "mine")):
            return make_plan(tmp_path, "mine", overrides, multirun=multirun)

    return make


@pytest.mark.parametrize("name", ["it's, (a) [b]", "é & #1@c+d = e"])
def test_shipped_configurations_are_found_wherever_the_package_lies(planned, tmp_path, monkeypatch, name):
    shutil.copytree(configs_dir(), tmp_path / name, ignore=shutil.ignore_patterns("issues"))
    monkeypatch.setattr(plan, "configs_dir", lambda: tmp_path / name)
    assert planned("model=majority").config.model.family == "majority"


def test_first_run_of_a_sweep_has_the_first_value_of_each_key(planned):
    made = planned("model=tfidf,text_only", "+model.proposition=true,false", "seed=range(1,4)")
    assert (made.config.model.name, made.config.model.proposition, made.config.seed) == ("tfidf", True, 1)
    assert (made.sweep, made.swept, made.runs) == (True, True, 12)


def test_part_of_a_model_is_swept_over(planned):
    made = planned("model=two_stage", "task=stance_joint", "model@model.second=text_only,majority")
    assert (made.config.model.second.name, made.runs) == ("text_only", 2)


def test_glob_chooses_among_shipped_options_and_ones_own(planned, tmp_path):
    (tmp_path / "model").mkdir()
    shutil.copy(configs_dir() / "model" / "tfidf.yaml", tmp_path / "model" / "text_mine.yaml")
    assert planned("model=glob(text_*)").runs == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + "name: again\n", r"mine\.yaml, line 3: cannot be read as YAML; found duplicate key name"),
        ("defaults: [config\nname: x\n", r"mine\.yaml, line 2: cannot be read as YAML; expected ',' or '\]'"),
        (b"name: \xff\n", r"mine\.yaml: .*UTF-8"),
        (b"name: \x00\n", r"mine\.yaml: .*UTF-8"),
    ],
)
def test_experiment_that_cannot_be_read_is_named(planned, tmp_path, content, reason):
    (tmp_path / "mine.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=reason):
        planned()


def test_files_hydra_does_not_read_are_refused(tmp_path):
    (tmp_path / "mine.yml").write_text(HEAD, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yml: .*rename it mine\.yaml"):
        locate(str(tmp_path / "mine.yml"))
    assert locate("baselines") == (experiments_dir() / "baselines", "experiment")
