"""What a command will run: the experiment's file, the composed configuration, how many runs, by which launcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt.errors import InputError, unknown_name
from standpunt.storage.paths import configs_dir, experiments_dir
from standpunt.text.secrets import hidden

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from omegaconf import DictConfig

    from standpunt.experiment.config import Config

CONFIG_NAME = "experiment"
BASIC = "basic"
# What a launcher needs, and the extra of this package that brings it.
LAUNCHERS = {
    "joblib": ("hydra_plugins.hydra_joblib_launcher", "joblib"),
    "submitit_local": ("hydra_plugins.hydra_submitit_launcher", "submitit"),
    "submitit_slurm": ("hydra_plugins.hydra_submitit_launcher", "submitit"),
    "ray": ("ray", "ray"),
}


@dataclass(frozen=True)
class Plan:
    """What a command will run: `config` is its first run, `runs` their number (1 where it is no sweep).

    `overrides` are those of the first run, and `each` what every run has in their place, in order; `swept` says whether
    the command gives one of them several values. Runs go to `place`, those of a sweep that is not resumed.
    """

    folder: Path
    name: str
    overrides: tuple[str, ...]
    each: tuple[tuple[str, ...], ...]
    config: Config
    sweep: bool
    runs: int
    launcher: str
    swept: bool
    place: Path

    @property
    def runs_folder(self) -> Path:
        """Where the folders of its runs, sweeps and searches go."""
        return Path(self.config.paths.runs) / self.config.name

    def compose(self, *overrides: str) -> Config:
        """Return the configuration with further overrides.

        Raises:
            InputError: it does not fit the schema.
            HydraException: it cannot be composed.
        """
        from standpunt.experiment.config import to_config

        return to_config(_without_hydra(_composed(self.folder, self.name, [*self.overrides, *overrides])))


def locate(experiment: str) -> tuple[Path, str]:
    """Return the folder of an experiment's configuration and the name of the file in it, without suffix.

    Raises:
        InputError: there is no such experiment.
    """
    path = Path(experiment)
    if path.suffix == ".yml" and path.is_file():
        raise InputError(f"{path}: Hydra reads files named .yaml only; rename it {path.stem}.yaml")
    if path.suffix == ".yaml" and path.is_file():
        return path.parent.resolve(), path.stem
    for folder in (path, experiments_dir() / experiment, experiments_dir() / path.name):
        if (folder / f"{CONFIG_NAME}.yaml").is_file():
            return folder.resolve(), CONFIG_NAME
    shipped = sorted(folder.parent.name for folder in experiments_dir().glob(f"*/{CONFIG_NAME}.yaml"))
    raise unknown_name("experiment", experiment, shipped)


def make_plan(folder: Path, name: str, overrides: Sequence[str], *, multirun: bool) -> Plan:
    """Compose the configuration once before anything runs, with the first value of what is swept over.

    Raises:
        InputError: it does not fit the schema, or the launcher is not installed.
        HydraException: it cannot be composed.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from standpunt.experiment.config import to_config

    parser = OverridesParser.create(options_of(folder))
    parsed = parser.parse_overrides(list(overrides))
    values = {
        override.get_key_element(): list(override.sweep_string_iterator())
        for override in parsed
        if override.is_sweep_override()
    }
    fixed = [
        f"{override.get_key_element()}={values[override.get_key_element()][0]}"
        if override.is_sweep_override()
        else text
        for text, override in zip(overrides, parsed, strict=True)
    ]
    swept = bool(values)
    composed, hydra = _compose(folder, name, fixed)
    sweep = multirun or getattr(hydra.mode, "name", hydra.mode) == "MULTIRUN"
    launcher = str(hydra.runtime.choices["hydra/launcher"])
    if sweep and launcher in LAUNCHERS:
        _check_installed(launcher)
    fixed_keys = {override.get_key_element() for override in parsed if not override.is_sweep_override()}
    params = [f"{key}={value}" for key, value in (hydra.sweeper.get("params") or {}).items()]
    for override in parser.parse_overrides(params):
        if override.get_key_element() not in fixed_keys and override.is_sweep_override():
            values.setdefault(override.get_key_element(), list(override.sweep_string_iterator()))
    for key, swept_over in values.items():  # Hydra writes them down
        if any(hidden(key, value) != value for value in swept_over):
            raise InputError(
                f"configuration: {key} has a value that may be a key; give the name of the environment variable with it"
            )
    named = [[f"{key}={value}" for value in swept_over] for key, swept_over in values.items()] if sweep else []
    each = tuple(product(*named))
    place = Path(str(hydra.sweep.dir if sweep else hydra.run.dir))
    return Plan(folder, name, tuple(fixed), each, to_config(composed), sweep, len(each), launcher, swept, place)


def settings_of(folder: Path, name: str) -> dict[str, Any]:
    """Return the settings of an experiment as its file has them, as nested mappings, Hydra's own among them.

    Of a file that cannot be composed, they are those that every experiment has.
    """
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from standpunt.experiment.config import Config

    try:
        composed, hydra = _compose(folder, name, [])
    except (HydraException, OmegaConfBaseException):
        composed, hydra = OmegaConf.structured(Config), OmegaConf.create({})
    return {**OmegaConf.to_container(composed), "hydra": OmegaConf.to_container(hydra)}  # ty: ignore


def _compose(folder: Path, name: str, overrides: Sequence[str]) -> tuple[DictConfig, Any]:
    """Return the configuration and, apart from it, Hydra's own."""
    from omegaconf import OmegaConf

    composed = _composed(folder, name, overrides)
    hydra = OmegaConf.create(OmegaConf.to_container(composed.hydra))
    for mode in ("run", "sweep"):  # which look at the rest
        OmegaConf.update(hydra, f"{mode}.dir", composed.hydra[mode].dir)
    return _without_hydra(composed), hydra


def _composed(folder: Path, name: str, overrides: Sequence[str]) -> DictConfig:
    """Return the configuration with Hydra's own in it."""
    from hydra import compose, initialize_config_dir
    from yaml.reader import ReaderError

    from standpunt.experiment.config import quoted, register_schema

    register_schema()
    search_path = f"hydra.searchpath=[{quoted(f'file://{configs_dir()}')}]"
    try:
        with initialize_config_dir(config_dir=str(folder), version_base="1.3"):
            return compose(name, overrides=[*overrides, search_path], return_hydra_config=True)
    except (UnicodeDecodeError, ReaderError):
        file = folder / f"{name}.yaml"
        raise InputError(f"{file}: it, or a configuration it names, is not text in UTF-8; save it as UTF-8") from None


def _without_hydra(composed: DictConfig) -> DictConfig:
    from omegaconf import open_dict

    with open_dict(composed):
        composed.pop("hydra")
    return composed


def options_of(folder: Path) -> ConfigLoader:
    """Return what lists the options of a group, which glob() chooses among: shipped ones and those of an experiment."""
    from hydra._internal.config_loader_impl import ConfigLoaderImpl
    from hydra._internal.utils import create_config_search_path

    path = create_config_search_path(str(configs_dir()))
    path.append("experiment", str(folder))
    return ConfigLoaderImpl(path)


def _check_installed(launcher: str) -> None:
    module, extra = LAUNCHERS[launcher]
    try:
        installed = find_spec(module) is not None
    except ModuleNotFoundError:
        installed = False
    if not installed:
        raise InputError(
            f"hydra/launcher={launcher} is not installed; install it with: pip install 'standpunt[{extra}]'"
        )
