"""What is in the wheel, and what an import brings along."""

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import standpunt

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "standpunt"
HEAVY = ("torch", "transformers", "sklearn", "pandas", "datasets", "scipy", "numpy", "hydra")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel and return the names of the files in it."""
    folder = tmp_path_factory.mktemp("wheel")
    if importlib.util.find_spec("hatchling"):
        command = ["hatchling", "build", "-t", "wheel", "-d", str(folder)]
    else:
        command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and not importlib.util.find_spec("hatchling"):
        pytest.skip(f"no hatchling here, and pip cannot build: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def shipped(folder, name):
    """Return where the files under a folder of the repository must be in the wheel."""
    return {f"standpunt/{name}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}


def test_wheel_has_the_package_itself(wheel):
    assert {name for name in wheel if name.endswith(".py")} == {
        path.relative_to(SOURCE.parent).as_posix() for path in SOURCE.parent.rglob("*.py")
    }
    assert {"standpunt/py.typed", "standpunt/results/templates/tables.html.jinja"} <= wheel


def test_wheel_has_configurations_and_experiments(wheel):
    assert {"standpunt/configs/config.yaml", "standpunt/experiments/baselines/experiment.yaml"} <= wheel
    local = {name for name in shipped(ROOT / "configs", "configs") if name.startswith("standpunt/configs/local/")}
    assert shipped(ROOT / "configs", "configs") - local <= wheel
    assert len([name for name in wheel if name.startswith("standpunt/data/issues/")]) >= 6
    assert shipped(ROOT / "experiments", "experiments") <= wheel


def test_wheel_has_the_corpora(wheel):
    assert shipped(SOURCE / "data", "data") <= wheel
    assert len([name for name in wheel if name.endswith("/report.txt")]) >= 3


def test_wheel_has_nothing_of_ones_own(wheel):
    kept = ("standpunt/", "hydra_plugins/standpunt_", f"standpunt-{standpunt.__version__}.dist-info/")
    assert not [name for name in wheel if not name.startswith(kept) or "__pycache__" in name]
    assert not [name for name in wheel if name.startswith("standpunt/configs/local/")]


def loaded_by(code):
    """Run code in a fresh interpreter and return which of the heavy libraries it loaded."""
    script = f"{code}\nimport sys\nprint('LOADED', *[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.rpartition("LOADED")[2].split()


def test_import_is_light():
    assert loaded_by("import standpunt") == []


def test_reading_a_debate_is_light():
    assert loaded_by("from standpunt import Debate, Issue, Layer, load_issue, read_debate") == []


@pytest.mark.parametrize("command", [[], ["turns"], ["predict"], ["run"]], ids=" ".join)
def test_help_is_light(command):
    code = (
        "import sys\nfrom standpunt.cli.main import main\n"
        f"sys.argv = ['standpunt', *{command}, '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert loaded_by(code) == []


def test_loaded_by_notices_what_is_heavy():
    assert loaded_by("import numpy") == ["numpy"]


@pytest.mark.parametrize("name", standpunt.__all__)
def test_public_name_is_there(name):
    value = getattr(standpunt, name)
    assert value.__name__ == name
    assert value.__module__.startswith("standpunt.")
    assert value.__doc__


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'read_debates'"):
        standpunt.read_debates  # noqa: B018
