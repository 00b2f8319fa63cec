"""`standpunt annotate next --for estimate` and `standpunt estimate`, as a user calls them."""

import csv
import io
import json
import shutil

import pandas as pd
import pytest

from standpunt.storage.paths import CORPORA

NAMES = ("2031-03-04-luchtverdediging", "2031-06-17-veiligheidsgaranties")
ISSUES = ["no_fly_zone", "frozen_assets"]
LABELS = {}


def labels_of(debate):
    lines = (CORPORA / "fictional" / debate / "stance.adjudicated.jsonl").read_text(encoding="utf-8").splitlines()
    return {(row["turn"], row["issue"]): row["label"] for row in map(json.loads, lines[1:])}


@pytest.fixture
def here(tmp_path):
    """Put two debates where the command runs, each with an empty layer of an annotator on two issues."""
    for debate in NAMES:
        folder = tmp_path / "corpus" / debate
        folder.mkdir(parents=True)
        shipped = CORPORA / "fictional" / debate
        for name in ("source.json", "report.txt"):
            shutil.copy(shipped / name, folder / name)
        with (shipped / "stance.adjudicated.jsonl").open(encoding="utf-8") as file:
            header = json.loads(file.readline()) | {"annotator": "jan", "issues": ISSUES}
        (folder / "stance.jan.jsonl").write_text(json.dumps(header) + "\n", encoding="utf-8")
    return tmp_path


def fill(sheet, debate):
    """Fill a sheet in with the adjudicated labels."""
    known = labels_of(debate)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row["label"] = known.get((int(row["turn"]), row["issue"]), "none")
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    sheet.write_text(text.getvalue(), encoding="utf-8-sig")


@pytest.mark.slow
def test_from_a_draw_to_shares(standpunt, here, trained):
    layer = f"corpus/{NAMES[0]}/stance.jan.jsonl"
    report = f"corpus/{NAMES[0]}/report.txt"
    done = standpunt("predict", trained, report, "--issues", ",".join(ISSUES), "--out", "p.csv")
    assert done.returncode == 0, done.stderr
    draw = ("annotate", "next", layer, "--for", "estimate", "--model", trained, "--n", 60)
    done = standpunt(*draw, "--out", "next.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert "each drawn with a probability from" in done.stderr
    assert done.stderr.endswith("sample: next.sample.json\n")
    done = standpunt(*draw, "--out", "next.csv")
    assert (done.returncode, done.stderr) == (2, "standpunt: next.csv: exists already; choose another name\n")
    done = standpunt("estimate", "p.csv", "--labels", "next.csv")
    assert done.returncode == 2
    assert "60 rows have no label yet" in done.stderr
    fill(here / "next.csv", NAMES[0])
    done = standpunt("estimate", "p.csv", "--labels", "next.csv", "--these", "--out", "shares.csv")
    assert (done.returncode, done.stderr) == (0, "5 estimates: shares.csv\n")
    assert max(len(line.rstrip()) for line in done.stdout.splitlines() if " [" in line) <= 80
    assert "balance" not in done.stdout
    shares = pd.read_csv(here / "shares.csv").set_index("measure")
    known = labels_of(NAMES[0])
    truth = sum(key[1] in ISSUES for key in known) / shares.loc["addressed", "rows"]
    assert shares.loc["addressed", "low"] < truth < shares.loc["addressed", "high"]
    # The same labels from a layer give the same estimate.
    path = here / f"corpus/{NAMES[0]}/stance.adjudicated.jsonl"
    shutil.copy(CORPORA / "fictional" / NAMES[0] / path.name, path)
    same = ("--labels", path, "--sample", "next.sample.json", "--these", "--out", "again.csv")
    done = standpunt("estimate", "p.csv", *same)
    assert done.returncode == 0
    assert "of 60 drawn pairs have no label in the layer and count as not addressing" in done.stderr
    assert (here / "again.csv").read_bytes() == (here / "shares.csv").read_bytes()


@pytest.mark.slow
def test_several_debates_by_party(standpunt, here, trained):
    layers = [f"corpus/{debate}/stance.jan.jsonl" for debate in NAMES]
    done = standpunt("annotate", "next", *layers, "--for", "estimate", "--n", 150, "--out", "sheets")
    assert done.returncode == 0, done.stderr
    for debate in NAMES:
        fill(here / "sheets" / f"{debate}.csv", debate)
    done = standpunt("predict", trained, "corpus", "--issues", ",".join(ISSUES), "--out", "predicted")
    assert done.returncode == 0, done.stderr
    done = standpunt("estimate", "predicted", "--labels", "sheets", "--by", "party,year", "--measures", "addressed")
    assert done.returncode == 0, done.stderr
    assert "party · year" in done.stdout
    assert " cabinet · " in done.stdout
    done = standpunt("estimate", "predicted", "--labels", "sheets", "--versus", "party=cabinet")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Difference from party=cabinet, in points")
    for arguments, message in (
        (("--by", "region"), "the predictions have no column region"),
        (("--versus", "party=Blauw"), "unknown party 'Blauw'"),
        (("--versus", "party"), "expected COLUMN=VALUE"),
        (("--measures", "pro"), "unknown measure 'pro'"),
        (("--these", "--cluster", "speaker"), "--these needs no --cluster"),
        (("--sample", "sheets/nothing.json"), "nothing.json: cannot be read"),
        (("--out", "a.xlsx"), "unknown output format"),
    ):
        done = standpunt("estimate", "predicted", "--labels", "sheets", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_what_is_wrong_with_a_draw_is_said(standpunt, here):
    layers = [f"corpus/{debate}/stance.jan.jsonl" for debate in NAMES]
    done = standpunt("annotate", "next", *layers, "--out", "next.csv")
    assert (done.returncode, done.stderr) == (2, "standpunt: several layers are for --for estimate; give one\n")
    done = standpunt("annotate", "next", *layers, "--for", "estimate", "--strategy", "random", "--out", "next.csv")
    assert done.returncode == 2
    assert "leave out --strategy and --seen" in done.stderr
    (here / "a.csv").write_text("label\n")
    done = standpunt("estimate", "p.csv", "--labels", "a.csv")
    assert done.returncode == 2
    assert "no sample lies beside it" in done.stderr
    assert not (here / "next.csv").exists()
