"""A model pointed at many files: what is written, what is done again, what survives a kill, processes and Ray."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import datasets
import pandas as pd
import pyarrow.dataset
import pytest
import yaml
from pyarrow import parquet

from standpunt.annotation.issues import load_issues
from standpunt.errors import InputError, ModelError, StandpuntError
from standpunt.models import Model, build
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.prediction import ledger
from standpunt.prediction.block import predict_block, predict_elsewhere
from standpunt.prediction.description import Description, SavedModels
from standpunt.prediction.files import predict_files
from standpunt.prediction.folder import files_to_do, read_predictions
from standpunt.prediction.ledger import Key, Ledger, content_of
from standpunt.prediction.places import MANIFEST
from standpunt.prediction.predictor import Predictor, predict_debate
from standpunt.readers import read_debates
from standpunt.storage.locks import LOCK

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

ISSUES = ["no_fly_zone", "frozen_assets"]
LABELS = ("favor", "against", "neutral", "none")
KEY = ["file", "turn", "issue"]
SITTING = (
    "<officiele-publicatie><metadata><meta name='datumvergadering' content='2030-05-06'/></metadata><handelingen>"
    + "".join(
        f"<agendapunt><item-titel>Brug {n}</item-titel><spreekbeurt nieuw='ja'><spreker><voorvoegsels>Mevrouw"
        f"</voorvoegsels> <naam>Smit</naam> (<politiek>Geel</politiek>)</spreker><tekst><al>Brug {n} is scheef.</al>"
        "</tekst></spreekbeurt></agendapunt>"
        for n in (1, 2)
    )
    + "</handelingen></officiele-publicatie>"
)


def train(folder, parties):
    """Save a model that has learnt that each of these parties is in favour, and return its folder."""
    rows = [
        {"party": party, "role": "member", "label": label, "issue": "no_fly_zone"}
        for party, label in [*((party, "favor") for party in parties), ("Blauw", "against"), ("Blauw", "neutral")]
    ]
    build(PartyConfig(), LABELS, load_issues(ISSUES)).fit(rows).save(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return train(tmp_path_factory.mktemp("models") / "model", ["Geel"])


@pytest.fixture
def write(tmp_path, report):
    """Return a function that writes plain reports, each with a bridge of its own, and returns their paths."""

    def reports(*names, folder=tmp_path):
        for name in names:
            turns = [("De voorzitter", "Mevrouw Smit."), ("Mevrouw Smit (Geel)", f"Brug {name} is oud.")]
            text = report(*turns, ("Minister Pot", f"Dat weet ik van brug {name}."))
            (folder / f"{name}.txt").write_text(text, "utf-8")
        return [folder / f"{name}.txt" for name in names]

    return reports


@pytest.fixture
def mixed(tmp_path, write):
    """Return a plain report and a sitting of two debates with a date."""
    (tmp_path / "sitting.xml").write_text(SITTING, "utf-8")
    return [*write("a"), tmp_path / "sitting.xml"]


EMPTY = "year=unknown/empty.parquet"


def run(model, files, out, *, issues=None, part_bytes=0, **options):
    predictor = Predictor.load(model, issues, brought_up=False, anyway=True)
    return predict_files(predictor, files, out, part_bytes=part_bytes, **options)


def parts(out):
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {MANIFEST, EMPTY} <= files
    return sorted(files - {MANIFEST, EMPTY, LOCK})


def table(out):
    return read_predictions(out).sort_values(KEY, ignore_index=True)


def same(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True, check_dtype=False)


def expected(model, files):
    loaded = Model.load(model)
    frames = [
        predict_debate(loaded, debate, brought_up=False, anyway=True).assign(
            file=str(file), date=debate.date, year=debate.date[:4] if debate.date else "unknown"
        )
        for file in files
        for debate in read_debates(file)
    ]
    return pd.concat(frames, ignore_index=True).sort_values(KEY, ignore_index=True)


def test_a_file_is_a_parquet_file_with_the_rows_of_its_debates(model, mixed, tmp_path):
    told = []
    done = run(model, mixed, tmp_path / "out", progress=told.append)
    assert [(one.file, one.rows, one.error) for one in done] == [(str(mixed[0]), 4, None), (str(mixed[1]), 4, None)]
    assert told == done
    assert [part.partition("/part-")[0] for part in parts(tmp_path / "out")] == ["year=2030", "year=unknown"]
    found = table(tmp_path / "out")
    same(found, expected(model, mixed))
    # A missing text is nan once it has been through a Parquet column of texts.
    assert found.fillna({"date": "none"}).groupby("file")["date"].unique().map(list).to_dict() == {
        str(mixed[0]): ["none"],
        str(mixed[1]): ["2030-05-06"],
    }


@pytest.mark.parametrize("names", [["a"], ["sitting"], ["a", "sitting"]])
def test_the_folder_is_one_table_for_whatever_reads_parquet(model, mixed, tmp_path, names):
    files = [path for path in mixed if path.stem in names]
    out = tmp_path / "out"
    run(model, files, out)
    wanted = expected(model, files)
    # Whether the year is known of all files, of none or of some: it is text.
    arrow = pyarrow.dataset.dataset(out, partitioning="hive")
    assert arrow.schema.field("year").type == pyarrow.string()
    same(arrow.to_table().to_pandas().sort_values(KEY, ignore_index=True), wanted)
    pandas = pd.read_parquet(out).astype({"year": str}).sort_values(KEY, ignore_index=True)
    same(pandas, wanted)
    loaded = datasets.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache")).to_pandas()
    same(loaded.sort_values(KEY, ignore_index=True), wanted.drop(columns="year"))
    if "sitting" in names:
        assert len(pd.read_parquet(out, filters=[("year", "==", "2030")])) == 4


def test_all_files_have_one_schema(model, mixed, report, tmp_path):
    (tmp_path / "chair.txt").write_text(report(("De voorzitter", "Ik open de vergadering.")), "utf-8")
    run(model, [*mixed, tmp_path / "chair.txt"], tmp_path / "out")
    schemas = [parquet.read_schema(path) for path in (tmp_path / "out").rglob("*.parquet")]
    assert len(schemas) == 4
    assert all(schema.equals(schemas[0]) for schema in schemas)
    numbers = {field.name for field in schemas[0] if pyarrow.types.is_integer(field.type)}
    assert numbers == {"ordinal", "start", "end", "measured_right", "measured_of"}


SPEECH = "<text><body><div type='debateSection'><u who='#smit'><seg>Brug {} is oud.</seg></u></div></body></text>"
YEARS = ("2030-12-31", "2031-01-01", None, "2030-12-31")


@pytest.fixture
def years(tmp_path):
    """Return a file whose debates are of several years."""
    settings = [f"<setting><date when='{day}'/></setting>" if day else "" for day in YEARS]
    sittings = "".join(
        f"<TEI><teiHeader>{setting}</teiHeader>{SPEECH.format(number)}</TEI>" for number, setting in enumerate(settings)
    )
    path = tmp_path / "years.xml"
    path.write_text(f"<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'>{sittings}</teiCorpus>", "utf-8")
    return path


def test_a_file_of_several_years_lies_in_several_partitions(model, years, tmp_path):
    out = tmp_path / "out"
    (done,) = run(model, [years], out)
    assert done.rows == 2 * len(YEARS)
    assert [part.partition("-")[0] for part in parts(out)] == ["year=2030/part", "year=2031/some", "year=unknown/some"]
    same(table(out), expected(model, [years]))
    assert run(model, [years], out) == []


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_file_of_several_years_that_was_half_written_is_done_again(model, years, write, tmp_path, written):
    out, left = tmp_path / "out", [written]

    def write_some(*arguments):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return whole(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        whole = ledger.write_parquet
        patch.setattr(ledger, "write_parquet", write_some)
        with pytest.raises(KeyboardInterrupt):
            run(model, [years], out)
    assert len(parts(out)) == written
    assert [one.file for one in run(model, [*write("a"), years], out)] == [
        str(tmp_path / "a.txt"),
        str(years),
    ]
    same(table(out), expected(model, [*write("a"), years]))


def test_a_second_call_does_what_is_left(model, write, tmp_path):
    out = tmp_path / "out"
    run(model, write("a", "b"), out)
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert run(model, write("a", "b"), out) == []
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")} == stamps
    (done,) = run(model, write("a", "b", "c"), out)
    assert done.file == str(tmp_path / "c.txt")
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    same(table(out), expected(model, write("a", "b", "c")))


def test_a_file_that_changed_takes_the_place_of_what_it_was(model, write, tmp_path):
    out, (first, other) = tmp_path / "out", write("a", "b")
    run(model, [first, other], out)
    shutil.copy(*write("c"), first)
    assert [one.file for one in run(model, [first, other], out)] == [str(first)]
    same(table(out), expected(model, [first, other]))
    assert run(model, [first, other], out) == []


def test_a_file_that_changed_stays_as_it_was_until_it_is_done(model, write, tmp_path, monkeypatch):
    out, (file,) = tmp_path / "out", write("a")
    run(model, [file], out)
    before = parts(out)
    file.write_text("Geen verslag.\n")
    assert [bool(one.error) for one in run(model, [file], out)] == [True]
    assert parts(out) == before
    shutil.copy(*write("b"), file)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "drop", lambda *_: None)  # killed before the old one was removed
        run(model, [file], out)
    assert len(parts(out)) == 2
    assert run(model, [file], out) == []
    same(table(out), expected(model, [file]))


def test_a_file_of_several_years_that_changed_leaves_nothing_of_them(model, years, write, tmp_path):
    out = tmp_path / "out"
    run(model, [years], out)
    shutil.copy(*write("a"), years)
    run(model, [years], out)
    same(table(out), expected(model, [years]))


def test_what_two_files_held_is_kept_for_the_one_that_still_does(model, write, tmp_path):
    out, (first,) = tmp_path / "out", write("a")
    again = shutil.copy(first, tmp_path / "again.txt")
    run(model, [first, again], out)
    shutil.copy(*write("b"), first)
    run(model, [again, first], out)
    same(table(out), expected(model, [again, first]))


def test_the_same_content_under_another_name_is_not_done_twice(model, write, tmp_path):
    (first,) = write("a")
    again = shutil.copy(first, tmp_path / "again.txt")
    assert len(run(model, [first, again, first], tmp_path / "out")) == 1
    assert run(model, [again], tmp_path / "out") == []
    assert set(table(tmp_path / "out")["file"]) == {str(first)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_done(model, write, tmp_path, workers):
    (tmp_path / "notes.txt").write_text("Geen verslag.\n")
    good = write("a", "b")
    files = [good[0], tmp_path / "notes.txt", tmp_path / "missing.txt", good[1]]
    done = run(model, files, tmp_path / "out", workers=workers)
    errors = {Path(one.file).name: one.error for one in done if one.error}
    assert set(errors) == {"notes.txt", "missing.txt"}
    assert all(error.startswith(f"{tmp_path / name}: ") for name, error in errors.items())
    same(table(tmp_path / "out"), expected(model, good))
    assert {one.file for one in run(model, files, tmp_path / "out")} == {str(path) for path in files[1:3]}


def test_a_debate_without_members_gives_no_rows(model, tmp_path, report, write):
    (tmp_path / "chair.txt").write_text(report(("De voorzitter", "Ik open de vergadering.")), "utf-8")
    done = run(model, [tmp_path / "chair.txt", *write("a")], tmp_path / "out")
    assert [one.rows for one in done] == [0, 4]
    same(table(tmp_path / "out"), expected(model, write("a")))
    assert run(model, [tmp_path / "chair.txt"], tmp_path / "out") == []


def test_folder_of_another_model_or_other_issues_is_refused(model, write, tmp_path):
    out, files = tmp_path / "out", write("a")
    run(model, files, out)
    before = parts(out)
    other = train(tmp_path / "other", ["Geel", "Rood"])
    for given, issues, why in (
        (other, None, "predictions of another model; choose"),
        (model, ISSUES[:1], r"predictions for other issues \(or for issues that were defined otherwise\); choose"),
        (other, ISSUES[:1], r"predictions of another model and for other issues \("),
    ):
        with pytest.raises(InputError, match=why):
            run(given, write("a", "b"), out, issues=issues)
    (tmp_path / "strange").mkdir()
    shutil.copy(out / before[0], tmp_path / "strange")
    with pytest.raises(InputError, match=f"holds Parquet files but no {MANIFEST}"):
        run(model, files, tmp_path / "strange")
    assert parts(out) == before


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_folder_that_does_not_know_what_it_is_for_is_refused(model, write, tmp_path, text):
    run(model, write("a"), tmp_path / "out")
    (tmp_path / "out" / MANIFEST).write_text(text)
    with pytest.raises(InputError, match=f"{MANIFEST}: damaged; choose another folder"):
        run(model, write("a"), tmp_path / "out")


def test_issues_are_chosen(model, write, tmp_path):
    run(model, write("a"), tmp_path / "out", issues=["european_army"])
    assert table(tmp_path / "out")["issue"].unique().tolist() == ["european_army"]
    assert run(model, write("a"), tmp_path / "out", issues=["european_army"]) == []


@pytest.fixture
def mine(tmp_path):
    """Return a function that writes an issue file of one's own: no_fly_zone with changed fields."""

    def edit(**fields):
        issue = load_issues(["no_fly_zone"])["no_fly_zone"].record()
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(issue | fields), "utf-8")
        return str(tmp_path / "mine.yaml")

    return edit


def test_an_issue_that_was_edited_is_another_one(model, write, mine, tmp_path):
    out, files = tmp_path / "out", write("a")
    issue = mine(name="mine")
    run(model, files, out, issues=[issue])
    mine(name="mine", aliases=["luchtruim"])
    (tmp_path / "job.py").write_text(JOB)  # files of issues are read once a process
    command = [sys.executable, tmp_path / "job.py", model, out, "local", "1", *files]
    done = subprocess.run(command, env=os.environ | {"ISSUES": issue}, capture_output=True, text=True, check=False)
    assert "issues that were defined otherwise" in done.stderr.splitlines()[-1]


def test_an_issue_that_is_named_twice_is_asked_once(model, write, mine, tmp_path):
    issues = ["no_fly_zone", "frozen_assets", "no_fly_zone", mine()]
    run(model, write("a"), tmp_path / "out", issues=issues)
    same(table(tmp_path / "out"), expected(model, write("a")))


def test_two_issues_of_one_name_are_refused(model, write, mine, tmp_path):
    with pytest.raises(InputError, match="both have the name 'no_fly_zone' and they differ"):
        run(model, write("a"), tmp_path / "out", issues=["no_fly_zone", mine(aliases=[])])
    with pytest.raises(InputError, match=r"issues is the text 'no_fly_zone'; expected a list"):
        run(model, write("a"), tmp_path / "out", issues="no_fly_zone")
    assert not (tmp_path / "out").exists()


def test_a_mistake_leaves_the_folder_free_for_the_next_call(model, write, tmp_path):
    out, files = tmp_path / "out", write("a")
    with pytest.raises(InputError, match="unknown engine 'rya': did you mean 'ray'"):
        run(model, files, out, engine="rya")
    with pytest.raises(ModelError):
        run(tmp_path / "missing", files, out)
    assert not out.exists()
    with pytest.raises(InputError, match="unknown issue"):
        run(model, files, out, issues=["no_fly_zon"])
    assert len(run(model, files, out, issues=["no_fly_zone"])) == 1


def test_a_model_that_was_replaced_is_loaded_anew(write, tmp_path):
    files = write("a")
    run(train(tmp_path / "model", ["Geel"]), files, tmp_path / "one")
    shutil.rmtree(tmp_path / "model")
    run(train(tmp_path / "model", ["Rood"]), files, tmp_path / "two")
    same(table(tmp_path / "two"), expected(tmp_path / "model", files))


def test_a_model_without_issues_must_be_told_some(write, tmp_path):
    rows = [{"party": "Geel", "role": "member", "label": "favor"}]
    build(PartyConfig(), LABELS, {}).fit(rows).save(tmp_path / "mine")
    with pytest.raises(InputError, match="it has no issues of its own; name those to predict"):
        run(tmp_path / "mine", write("a"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_output_that_is_a_file_is_refused(model, write, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match=str(tmp_path / "out")):
        run(model, write("a"), tmp_path / "out")


def test_partition_that_is_a_file_is_refused(model, write, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "year=unknown").write_text("mine")
    with pytest.raises(InputError, match="year=unknown: cannot be used as a folder"):
        run(model, write("a"), tmp_path / "out")


def test_what_somebody_put_beside_the_predictions_is_passed_over(model, write, tmp_path):
    run(model, write("a"), tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    same(table(tmp_path / "out"), expected(model, write("a")))


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes there")
def test_a_name_that_is_no_text_is_spelt_out(model, write, tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    shutil.copy(*write("a"), name)
    (done,) = run(model, [name], tmp_path / "out")
    assert set(table(tmp_path / "out")["file"]) == {done.file} == {f"{tmp_path}/caf\\udce9.txt"}


def test_a_model_is_loaded_once(model, write, tmp_path, monkeypatch):
    loaded = []
    whole = Model.load
    monkeypatch.setattr(Model, "load", lambda given: loaded.append(given) or whole(given))
    run(model, write("a", "b"), tmp_path / "out")
    assert len(loaded) == 1
    # A process that is given its work file by file.
    described = Predictor.load(model, brought_up=False).description
    for task in files_to_do(write("c", "d"), Ledger()):
        (done,) = predict_elsewhere(described, [task], tmp_path / "out")
        assert done.rows == 4
    assert len(loaded) == 3


def test_what_took_the_place_of_a_model_is_not_mixed_with_it(write, tmp_path):
    described = Predictor.load(train(tmp_path / "model", ["Geel"])).description
    shutil.rmtree(tmp_path / "model")
    train(tmp_path / "model", ["Rood"])
    (task,) = files_to_do(write("a"), Ledger())
    with pytest.raises(ModelError, match="another model took the place of the one that was there"):
        predict_elsewhere(described, [task], tmp_path / "out")


def test_a_model_that_lies_nowhere_is_refused(model, write, tmp_path):
    with pytest.raises(InputError, match=r"was not loaded from a folder.* make the predictor with Predictor\.load"):
        predict_files(Predictor(Model.load(model)), write("a"), tmp_path / "out")
    assert run(model, write("a"), tmp_path / "out")  # the folder is free


def test_a_process_that_is_ended_from_outside_is_said_in_one_sentence(model, write, tmp_path):
    def kill(_):
        for process in multiprocessing.active_children():
            process.kill()

    files = write(*(f"n{n}" for n in range(40)))
    with pytest.raises(StandpuntError, match="call again with fewer workers: what is done is kept") as caught:
        run(model, files, tmp_path / "out", workers=2, progress=kill)
    assert caught.value.exit_code == 1
    assert len(run(model, files, tmp_path / "out")) < len(files)
    same(table(tmp_path / "out"), expected(model, files))


def test_a_folder_without_predictions_says_so(tmp_path):
    with pytest.raises(InputError, match=str(tmp_path)):
        read_predictions(tmp_path)


def test_two_workers_give_the_rows_of_one(model, write, mixed, tmp_path):
    files = [*mixed, *write(*(f"n{n}" for n in range(12)))]
    done = run(model, files, tmp_path / "two", workers=2)
    assert Counter(one.file for one in done) == Counter(map(str, files))
    run(model, files, tmp_path / "one")
    assert parts(tmp_path / "one") == parts(tmp_path / "two")
    same(table(tmp_path / "two"), table(tmp_path / "one"))


JOB = """
import os, sys
from standpunt.prediction.files import predict_files
from standpunt.prediction.predictor import Predictor
if __name__ == "__main__":
    model, out, engine, workers, *files = sys.argv[1:]
    issues = [os.environ["ISSUES"]] if "ISSUES" in os.environ else None
    predictor = Predictor.load(model, issues, brought_up=False, anyway=True)
    size = int(os.environ.get("PART_BYTES", "0"))
    for done in predict_files(predictor, files, out, engine=engine, workers=int(workers), part_bytes=size):
        print(done.file, done.error, sep="\t")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "part_bytes"), [(1, 0), (2, 0), (1, 1000), (2, 1000)])
def test_killed_in_the_middle_and_finished_by_the_next_call(model, write, tmp_path, workers, part_bytes):
    (tmp_path / "in").mkdir()
    (tmp_path / "job.py").write_text(JOB)
    files, out = write(*(f"n{n:03d}" for n in range(150)), folder=tmp_path / "in"), tmp_path / "out"
    command = [sys.executable, tmp_path / "job.py", model, out, "local", str(workers), *files]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = os.environ | {"PART_BYTES": str(part_bytes)}
    process = subprocess.Popen(command, start_new_session=True, env=env, **quiet)
    while process.poll() is None and len(list(out.glob("year=*/part-*"))) < 10:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = sorted(out.glob("year=*/part-*"))
    done = Ledger.read(out).keys()
    assert 10 <= len(left) <= len(done) < len(files)
    assert (len(left) == len(done)) == (part_bytes == 0)
    assert sum(parquet.read_metadata(path).num_rows for path in left) == 4 * len(done)  # whole, each of them
    assert len(run(model, files, out, part_bytes=part_bytes)) == len(files) - len(done)
    run(model, files, tmp_path / "whole")
    same(table(out), table(tmp_path / "whole"))


@pytest.mark.slow
@pytest.mark.parametrize("relative", [False, True])
def test_ray_gives_the_rows_of_one_process(model, mixed, write, tmp_path, monkeypatch, ray_cluster, relative):
    (tmp_path / "notes.txt").write_text("Geen verslag.\n")
    (tmp_path / "job.py").write_text(JOB)
    monkeypatch.chdir(tmp_path)  # the cluster was started elsewhere
    files = [*mixed, *write("b", "c"), tmp_path / "notes.txt"]
    files, out = ([path.name for path in files], "ray") if relative else (list(map(str, files)), tmp_path / "ray")

    def on_ray():
        command = [sys.executable, "job.py", model, out, "ray", "2", *files]
        done = subprocess.run(command, env=os.environ | ray_cluster, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    told = dict(line.split("\t") for line in on_ray())
    assert set(told) == set(files)
    assert [file for file, error in told.items() if error != "None"] == files[-1:]
    run(model, files, "local")
    same(table(tmp_path / "ray"), table(tmp_path / "local"))
    assert [line.split("\t")[0] for line in on_ray()] == files[-1:]  # the one that cannot be read


GATHERED = {"part_bytes": 10**6}


def test_small_files_are_gathered(model, write, mixed, years, tmp_path):
    out, files = tmp_path / "out", [*mixed, *write(*(f"n{n}" for n in range(30))), years]
    done = run(model, files, out, **GATHERED)
    assert {one.file for one in done} == {str(file) for file in files}
    assert len(parts(out)) < 12
    assert Ledger.read(out).keys() == {Key.of(file) for file in files}
    same(table(out), expected(model, files))
    assert run(model, files, out) == []
    assert pyarrow.dataset.dataset(out, partitioning="hive").to_table().num_rows == len(table(out))
    schemas = [parquet.read_schema(path) for path in out.rglob("*.parquet")]
    assert all(schema.equals(schemas[0]) for schema in schemas)


def test_a_gathered_file_that_changed_takes_the_place_of_what_it_was(model, write, years, tmp_path):
    out, files = tmp_path / "out", [*write(*(f"n{n}" for n in range(20))), years]
    run(model, files, out, **GATHERED)
    for number, changed in enumerate((files[3], files[7], years, files[3])):
        shutil.copy(*write(f"new{number}"), changed)
        assert [one.file for one in run(model, files, out, **GATHERED)] == [str(changed)]
        same(table(out), expected(model, files))
        assert run(model, files, out, **GATHERED) == []


def test_what_is_left_of_a_gathered_file_stays_done(model, write, years, tmp_path):
    """Of files of several years that lie together, the one that marks the others as done is taken away."""
    out, files = tmp_path / "out", [years, *write("a")]
    predictor = Predictor.load(model, None, brought_up=False, anyway=True)
    out.mkdir()
    predict_block(predictor, list(files_to_do(files, Ledger())), out)
    written = {path.relative_to(out).as_posix().partition("-")[0] for path in out.glob("year=*/*-*")}
    assert written == {"year=2030/part", "year=2031/some", "year=unknown/some"}
    Ledger.read(out).drop([Key.of(years)])
    assert Ledger.read(out).keys() == {Key.of(files[1])}
    same(table(out), expected(model, files[1:]))


def test_files_of_several_years_that_were_half_written_are_removed(model, write, years, tmp_path):
    out, files = tmp_path / "out", [years, *write("a", "b")]
    run(model, files, out, **GATHERED)
    for whole in out.glob("year=*/part-*"):
        whole.unlink()
    assert parts(out)
    run(model, files, out, **GATHERED)
    same(table(out), expected(model, files))


def test_nothing_to_do_loads_no_model(model, write, tmp_path, monkeypatch):
    files, out = write("a", "b"), tmp_path / "out"
    description = Description.of(model, brought_up=False, anyway=True)
    assert len(predict_files(description, files, out)) == 2
    monkeypatch.setattr(SavedModels, "load", None)
    for settings in ({"workers": 1}, {"workers": 2}, {"engine": "ray"}):
        assert predict_files(description, files, out, **settings) == []


def test_files_are_read_when_their_turn_comes(write, monkeypatch):
    files, read = write("a", "b", "c"), []
    monkeypatch.setattr("standpunt.prediction.folder.content_of", lambda file: read.append(file) or content_of(file))
    tasks = files_to_do([*files, files[0]], Ledger())
    assert read == []
    assert (next(tasks).file, read) == (str(files[0]), files[:1])
    assert ([task.file for task in tasks], read) == ([*map(str, files[1:])], files)
