"""A sweep spread out: processes of this machine, a batch system, a Ray cluster."""

import importlib.util
import os
import shutil
import stat

import pytest

from standpunt.results.runs import runs_in

SWEEP = ("run", "baselines", "evaluation.test=[]", "evaluation.resamples=10", "save_model=false", "split.unit=debate")
JOBS = ("-m", "model=majority", "seed=0,1", "corpus.name=./small,./nope")
# What SLURM does of a job array: each task runs the script with its number, and srun runs its command.
SBATCH = """#!/usr/bin/env python3
import os, re, subprocess, sys
if sys.argv[1] != "--now":  # the jobs begin when the command has its answer
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.Popen([sys.executable, __file__, "--now", sys.argv[-1]], **quiet)
    print("Submitted batch job 900")
    sys.exit()
script = open(sys.argv[-1]).read()
open("submitted.sh", "w").write(script)
last = int(re.search(r"--array=0-(\\d+)", script)[1])
for task in range(last + 1):
    names = {"SLURM_JOB_ID": str(900 + task), "SLURM_ARRAY_JOB_ID": "900", "SLURM_ARRAY_TASK_ID": str(task)}
    names |= {"SLURM_NTASKS": "1", "SLURM_JOB_NUM_NODES": "1", "SLURM_NODEID": "0", "SLURM_PROCID": "0"}
    names |= {"SLURM_LOCALID": "0", "SLURM_JOB_NODELIST": "here"}
    subprocess.run(["bash", sys.argv[-1]], env=os.environ | names, check=True)
"""
SRUN = """#!/usr/bin/env python3
import os, sys
command = sys.argv[1:]
while command[0].startswith("--"):
    command = command[1 if "=" in command[0] or command[0] == "--unbuffered" else 2 :]
os.execvp(command[0], command)
"""
SACCT = """#!/usr/bin/env python3
import glob
print("JobID|State|NodeList")
for task in range(4):
    done = glob.glob(f"runs/*/*/.submitit/900_{task}/*_result.pkl")
    print(f"900_{task}|{'COMPLETED' if done else 'RUNNING'}|here")
"""
needs_submitit = pytest.mark.skipif(
    importlib.util.find_spec("submitit") is None, reason="submitit is not installed (standpunt[submitit])"
)


@pytest.fixture(autouse=True)
def corpus(small_corpus, tmp_path):
    shutil.copytree(small_corpus, tmp_path / "small")


def check(done, tmp_path):
    """A sweep of four jobs of which the two with a corpus that does not exist failed; return its folder."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("\nfailed runs:\n  job 1 "), done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    (sweep,) = (tmp_path / "runs" / "baselines").iterdir()
    assert [(run.status["job"], run.finished) for run in runs_in(sweep)] == [
        (0, True),
        (1, False),
        (2, True),
        (3, False),
    ]
    return sweep


@pytest.mark.slow
@needs_submitit
def test_submitit_local(program, tmp_path):
    sweep = check(program(*SWEEP, *JOBS, "hydra/launcher=submitit_local", "hydra.sweeper.max_batch_size=2"), tmp_path)
    assert len(list((sweep / ".submitit").glob("*/*_log.out"))) == 4
    assert {path.name for path in tmp_path.iterdir()} == {"small", "runs"}


@pytest.mark.slow
@needs_submitit
def test_submitit_slurm(program, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("sbatch", SBATCH), ("srun", SRUN), ("sacct", SACCT)):
        (programs / name).write_text(text)
        (programs / name).chmod(stat.S_IRWXU)
    settings = ("hydra/launcher=submitit_slurm", "hydra.launcher.partition=gpu", "hydra.launcher.gpus_per_node=1")
    more = ("hydra.launcher.array_parallelism=3", "hydra.launcher.setup=['export HF_HUB_OFFLINE=1']")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    sweep = check(program(*SWEEP, *JOBS, *settings, *more, env={"PATH": path}), tmp_path)
    script = (tmp_path / "submitted.sh").read_text()
    wanted = {
        "array=0-3%3", "partition=gpu", "gpus-per-node=1", "cpus-per-task=4", "mem=16GB", "time=1440", "nodes=1",
        "job-name=baselines", f"output={sweep.resolve()}/.submitit/%A_%a/%A_%a_0_log.out",
    }  # fmt: skip
    directives = {line.removeprefix("#SBATCH --") for line in script.splitlines() if line.startswith("#SBATCH")}
    assert wanted <= directives, sorted(directives)
    assert script.index("export HF_HUB_OFFLINE=1") < script.index("srun --unbuffered")


@pytest.mark.slow
def test_jobs_of_one_machine_keep_a_gpu_each(program, tmp_path):
    env = {"CUDA_VISIBLE_DEVICES": "4,7"}
    done = program(*SWEEP, *JOBS, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", env=env)
    sweep = check(done, tmp_path)
    assert {path.name for path in (sweep / ".gpus").iterdir()} == {"gpu-4.lock", "gpu-7.lock"}


def test_launcher_that_is_not_installed_names_its_extra(program, tmp_path):
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'ray' else find(name, *rest)\n"
    )
    done = program(*SWEEP, *JOBS, "hydra/launcher=ray", env={"PYTHONPATH": str(tmp_path / "hide")})
    assert done.returncode == 2
    assert "pip install 'standpunt[ray]'" in done.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_ray(program, tmp_path, ray_cluster):
    sweep = check(program(*SWEEP, *JOBS, "hydra/launcher=ray", env=ray_cluster), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"small", "runs"}
    assert sweep.is_relative_to(tmp_path)
