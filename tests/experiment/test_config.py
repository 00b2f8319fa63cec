"""Every shipped configuration passes the schemas, and what is not in them does not."""

import inspect
import re
from dataclasses import MISSING, fields, is_dataclass
from functools import cache

import pytest
import yaml
from hydra import compose, initialize_config_dir

from standpunt.errors import InputError
from standpunt.experiment.config import Config, register_schema, to_config
from standpunt.models import FAMILIES, families
from standpunt.splits import PROTOCOLS
from standpunt.storage.paths import configs_dir, experiments_dir

GROUPS = ("corpus", "task", "split", "model", "evaluation", "paths", "tracker", "search", "debug")
OPTIONS = [(group, path.stem) for group in GROUPS for path in sorted((configs_dir() / group).glob("*.yaml"))]
CONFIGURATIONS = (
    [Config, *(item.default_factory for item in fields(Config) if is_dataclass(item.default_factory))]
    + [
        config
        for config in (FAMILIES.get(name).config_class for name in families())
        if config.__module__.startswith("standpunt.")  # other tests register families of their own
    ]
    + [PROTOCOLS.get(name).settings_class for name in PROTOCOLS.names()]
)
EXPERIMENTS = sorted(path.parent.name for path in experiments_dir().glob("*/experiment.yaml"))


@pytest.fixture(autouse=True)
def no_transcripts(monkeypatch):
    monkeypatch.delenv("STANDPUNT_TRANSCRIPTS", raising=False)


def composed(*overrides, experiment=None):
    register_schema()
    folder, name = (experiments_dir() / experiment, "experiment") if experiment else (configs_dir(), "config")
    search = [f"hydra.searchpath=[file://{configs_dir()}]"] if experiment else []
    with initialize_config_dir(config_dir=str(folder), version_base="1.3"):
        return compose(name, [*search, *overrides])


@cache
def config(*overrides, experiment=None):
    """Return a configuration; tests must not change it."""
    return to_config(composed(*overrides, experiment=experiment))


def refusal(*overrides):
    """Compose a configuration that must be refused, and return the message."""
    with pytest.raises(InputError) as caught:
        config(*overrides)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_there_is_no_group_that_is_not_tried_here():
    found = {path.name for path in configs_dir().iterdir() if path.is_dir()}
    assert found - {"issues", "local", "hydra"} == set(GROUPS)


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids="=".join)
def test_every_option_passes(group, option):
    assert isinstance(config(f"{group}={option}"), Config)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_passes(name):
    made = config(experiment=name)
    assert made.name == name
    assert made.model.family in families()


@pytest.mark.parametrize("name", [option for group, option in OPTIONS if group == "model"])
def test_model_is_of_its_familys_own_class(name):
    model = config(f"model={name}").model
    assert type(model) is FAMILIES.get(model.family).config_class
    assert model.name == name


def test_defaults():
    made = config()
    assert (made.corpus.name, made.task.name, made.split.unit, made.model.name) == (
        "fictional",
        "stance",
        "speaker",
        "tfidf",
    )
    assert (made.seed, made.save_model, made.limit_rows, made.paths.transcripts) == (0, True, None, None)


def settings_of(group, option):
    return yaml.safe_load((configs_dir() / group / f"{option}.yaml").read_text(encoding="utf-8")) or {}


def defaults_of(group, option):
    """Return the settings an option has where it names none: those of the options it is made of, or of its class."""
    settings = settings_of(group, option)
    parents = [item for item in settings.get("defaults", ()) if isinstance(item, str) and item != "_self_"]
    if parents:
        chain = [part for parent in parents for part in (defaults_of(group, parent), settings_of(group, parent))]
        return {key: value for part in chain for key, value in part.items()}
    classes = {
        "model": lambda: FAMILIES.get(settings["family"]).config_class,
        "split": lambda: PROTOCOLS.get(settings["name"]).settings_class,
    }
    schema = classes[group]() if group in classes else type(getattr(Config(), group))
    return {f.name: f.default if f.default_factory is MISSING else f.default_factory() for f in fields(schema)}


@pytest.mark.parametrize(("group", "option"), [pair for pair in OPTIONS if pair[0] != "debug"], ids="=".join)
def test_an_option_names_only_what_differs_from_its_class(group, option):
    """A setting has one default, that of the class; what an option is named for it may say (`unit` of a split)."""
    settings, defaults = settings_of(group, option), defaults_of(group, option)
    identity = {"name", "family", "defaults"} | ({"unit"} if group == "split" else set())
    assert settings.keys() - identity <= defaults.keys()
    assert [key for key in settings.keys() - identity if settings[key] == defaults[key]] == []


@pytest.mark.parametrize("cls", CONFIGURATIONS, ids=lambda cls: cls.__name__)
def test_docstrings_list_every_setting(cls):
    listed = set(re.findall(r"^ +(\w+):", "\n".join(inspect.getdoc(kind) or "" for kind in cls.__mro__), re.MULTILINE))
    assert [item.name for item in fields(cls) if item.name not in listed] == []


def test_config_yaml_names_no_default():
    settings = yaml.safe_load((configs_dir() / "config.yaml").read_text(encoding="utf-8"))
    assert settings.keys() == {"defaults", "name", "hydra"}


def test_settings_that_no_yaml_names_can_be_set():
    assert config("model=cross_encoder", "model.learning_rate=1e-3").model.learning_rate == 1e-3
    assert config("model=words_and_poles", "model.members.poles.rank=8").model.members["poles"].rank == 8
    assert config("split.disjoint=[issue]").split.disjoint == ["issue"]
    assert "did you mean 'model.min_df'" in refusal("model.min_dff=3")
    assert "did you mean 'split.shots'" in refusal("split.shotss=3")


def test_smoke_limits_the_rows_and_says_so_last():
    made = config("debug=smoke", experiment="baselines")
    assert (made.limit_rows, made.evaluation.resamples, made.save_model) == (60, 50, False)
    assert made.evaluation.test == ["tk-ukraine"]


def test_overrides_arrive():
    made = config("seed=4", "model.c=0.5", "corpus.issues=[no_fly_zone]", "evaluation.test=[]", "paths.runs=elsewhere")
    assert (made.seed, made.model.c, made.corpus.issues) == (4, 0.5, ["no_fly_zone"])
    assert (made.evaluation.test, made.paths.runs) == ([], "elsewhere")


def test_auxiliary_tasks_arrive():
    assert config("model=cross_encoder").model.auxiliary == {}
    made = config("model=cross_encoder", "model.auxiliary={component: fictional, frame: fictional}")
    assert made.model.auxiliary == {"component": "fictional", "frame": "fictional"}


def test_transcripts_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("STANDPUNT_TRANSCRIPTS", "/somewhere")
    assert to_config(composed()).paths.transcripts == "/somewhere"


@pytest.mark.parametrize("key", ["foo", "model.foo", "corpus.foo", "evaluation.foo", "paths.foo"])
def test_added_key_is_refused_by_name(key):
    assert key in refusal(f"+{key}=1")


def test_misspelt_key_suggests_the_right_one():
    assert "did you mean 'limit_rows'" in refusal("+limit_row=3")
    assert "did you mean 'model.min_df'" in refusal("+model.min_dff=3")
    assert "did you mean 'evaluation.cluster'" in refusal("+evaluation.clusters=party")


@pytest.mark.parametrize("setting", ["model.c=strong", "model.min_df=2.5", "model.balanced=often"])
def test_value_of_the_wrong_type_in_a_model_is_refused_by_name(setting):
    assert setting.partition("=")[0] in refusal(setting)


@pytest.mark.parametrize(
    "setting", ["seed=first", "limit_rows=many", "evaluation.resamples=lots", "save_model=sometimes", "corpus.issues=3"]
)
def test_value_of_the_wrong_type_is_refused(setting):
    """Hydra itself may refuse it while composing; then it never gets here."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    with pytest.raises((InputError, HydraException, OmegaConfBaseException), match=setting.partition("=")[0]):
        config(setting)


@pytest.mark.parametrize(
    "setting",
    [
        "split.unit=speakers",
        "split.name=random",
        "task.name=stances",
        "evaluation.cluster=speakers",
        "evaluation.resamples=0",
        "evaluation.resamples=-1",
        "evaluation.confidence=95",
        "evaluation.confidence=0",
        "evaluation.test=[fictional]",
        "limit_rows=0",
        "limit_rows=-5",
        "seed=-1",
        "model.c=0",
        "model.min_df=0",
        "model.max_ngram=0",
    ],
)
def test_value_that_cannot_be_is_refused_by_name(setting):
    assert setting.partition("=")[0].removesuffix(".name") in refusal(setting)


def test_smoothing_that_cannot_be_is_refused():
    assert "model.smoothing" in refusal("model=party_only", "model.smoothing=-1")


def test_no_model_is_refused():
    assert "no model was chosen" in refusal("~model")


def test_model_without_a_family_is_refused():
    assert "no model was chosen" in refusal("model.family=null")


def test_unknown_family_is_refused():
    assert "did you mean 'tfidf'" in refusal("model.family=tfdif")


@pytest.mark.parametrize("key", ["corpus.name", "name"])
def test_missing_value_is_refused_by_name(key):
    assert f"{key} has no value" in refusal(f"{key}=???")
