"""Speed of the XML readers and of prediction over many files, as ratios in one run.

Usage: python benchmarks/corpus.py [FORMATS] [--model FOLDER]; FORMATS is a folder with vlos/, handelingen/ and
parlamint/, STANDPUNT_FORMATS by default; FOLDER a saved model to measure as well, a heavy one for instance.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from lxml import etree

from standpunt import load_corpus
from standpunt.errors import ReadError
from standpunt.models import build
from standpunt.models.base import ModelConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.tfidf import TfidfConfig
from standpunt.readers import read_debates
from standpunt.storage.paths import CORPORA
from timing import fastest

# Enough files that one worker is busy for more than half a minute, beside which what starting takes is little.
FEW, MANY = 300, 600
MOST = 1000  # for memory
STANDPUNT = Path(sys.executable).with_name("standpunt")


def bare(path: Path) -> None:
    """Walk through a file with lxml and do nothing."""
    with gzip.open(path) as stream:
        for _, element in etree.iterparse(stream):
            element.clear()


def read(path: Path) -> None:
    """Read all debates of a file."""
    try:
        for _ in read_debates(path):
            pass
    except ReadError:
        pass  # parts without speech are read to their end as well


def readers(formats: Path) -> None:
    """Print files per second of each reader against the bare walk."""
    for name in ("vlos", "handelingen", "parlamint"):
        paths = sorted((formats / name).glob("*.gz"))
        fastest(read, paths[:1], 1)
        # In turns, so that whatever else the machine does disturbs both alike.
        walk = whole = float("inf")
        for _ in range(10):
            walk, whole = min(walk, fastest(bare, paths, 1)), min(whole, fastest(read, paths, 1))
        print(
            f"{name}: {len(paths)} files, bare {len(paths) / walk:.0f}/s, reader {len(paths) / whole:.0f}/s; "
            f"reader / bare: {whole / walk:.1f} (at most 6)"
        )


def copies(folder: Path, count: int) -> list[Path]:
    """Write `count` reports that differ in one word."""
    text = next(CORPORA.glob("fictional/2031-06*/report.txt")).read_text(encoding="utf-8")
    paths = []
    for number in range(count):
        path = folder / f"{number:04d}.txt"
        path.write_text(text.replace("Voorzitter.", f"Voorzitter {number}.", 1), encoding="utf-8")
        paths.append(path)
    return paths


def peak(model: Path, files: Path, out: Path, count: int) -> float:
    """Return the peak memory in MiB of a process that predicts over the first `count` files."""
    code = (
        "import sys, resource; from pathlib import Path\n"
        "from standpunt import Predictor; from standpunt.prediction.files import predict_files\n"
        "files = sorted(Path(sys.argv[2]).glob('*.txt'))[: int(sys.argv[4])]\n"
        "predict_files(Predictor.load(sys.argv[1], brought_up=False, anyway=True), files, sys.argv[3])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, model, files, out, str(count)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def predict(model: Path, files: list[Path], out: Path, workers: int) -> float:
    """Return how long the command takes, its start included."""
    start = perf_counter()
    command = [
        STANDPUNT,
        "predict",
        model,
        *files,
        "--out",
        out,
        "--workers",
        str(workers),
        "--issues",
        "all",
        "--anyway",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


def spread(name: str, model: Path, files: list[Path], out: Path) -> None:
    """Print what two workers gain over one."""
    one, two = (predict(model, files, out / f"{model.name}-{workers}", workers) for workers in (1, 2))
    print(f"{name}, {len(files)} files: one worker {one:.1f} s, two {two:.1f} s; two / one: {two / one:.2f}")


def prediction(own: Path | None) -> None:
    """Print what two workers gain over one with a cheap and a heavier model, and peak memory at 10 and 1,000 files."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = load_corpus("fictional")
        configs: dict[str, ModelConfig] = {"cheap": MajorityConfig(), "heavier": TfidfConfig(max_ngram=3)}
        for label, config in configs.items():
            model = build(config, ("favor", "against", "neutral"), corpus.issues).fit(corpus.rows())
            model.save(folder / label)
        (folder / "files").mkdir()
        files = copies(folder / "files", MOST)
        spread("majority", folder / "cheap", files[:FEW], folder)
        spread("TF-IDF, three words", folder / "heavier", files[:MANY], folder)
        if own:
            spread(str(own), own.absolute(), files[:MANY], folder)
        few, many = (peak(folder / "cheap", folder / "files", folder / f"mem{n}", n) for n in (10, MOST))
        print(f"peak memory: {few:.0f} MiB at 10 files, {many:.0f} MiB at {MOST:,}; ratio {many / few:.2f}")


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="?", type=Path, default=os.environ.get("STANDPUNT_FORMATS"))
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    if arguments.formats:
        readers(Path(arguments.formats))
    else:
        print("no samples of the XML formats: name their folder or set STANDPUNT_FORMATS")
    prediction(arguments.model)


if __name__ == "__main__":
    main()
