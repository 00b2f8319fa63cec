"""Speed of the XML readers and of prediction over many files, as ratios in one run.

Usage: python benchmarks/corpus.py [FORMATS]; a folder with vlos/, handelingen/ and parlamint/, STANDPUNT_FORMATS by
default.
"""

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from lxml import etree

from standpunt import Model, load_corpus
from standpunt.bulk import predict_files
from standpunt.errors import ReadError
from standpunt.models import build
from standpunt.models.majority import MajorityConfig
from standpunt.paths import CORPORA
from standpunt.readers import read_debates
from timing import fastest


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
        walk, whole = fastest(bare, paths, 5), fastest(read, paths, 5)
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
        "import sys, resource; from pathlib import Path; from standpunt.bulk import predict_files\n"
        "files = sorted(Path(sys.argv[2]).glob('*.txt'))[: int(sys.argv[4])]\n"
        "predict_files(sys.argv[1], files, sys.argv[3])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, model, files, out, str(count)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def prediction() -> None:
    """Print what two workers gain over one, and peak memory at 10 and at 1,000 files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = load_corpus("fictional")
        model = build(MajorityConfig(), ("favor", "against", "neutral"), corpus.issues).fit(corpus.rows())
        model.save(folder / "model")
        Model.load(folder / "model")
        (folder / "files").mkdir()
        files = copies(folder / "files", 1000)
        seconds = {}
        for workers in (1, 2):
            start = perf_counter()
            predict_files(folder / "model", files[:300], folder / f"out{workers}", workers=workers)
            seconds[workers] = perf_counter() - start
        print(f"300 files: one worker {seconds[1]:.1f} s; two / one: {seconds[2] / seconds[1]:.2f}")
        few, many = (peak(folder / "model", folder / "files", folder / f"mem{n}", n) for n in (10, 1000))
        print(f"peak memory: {few:.0f} MiB at 10 files, {many:.0f} MiB at 1,000; ratio {many / few:.2f}")


def main() -> None:
    """Run both parts."""
    place = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("STANDPUNT_FORMATS")
    if place:
        readers(Path(place))
    else:
        print("no samples of the XML formats: name their folder or set STANDPUNT_FORMATS")
    prediction()


if __name__ == "__main__":
    main()
