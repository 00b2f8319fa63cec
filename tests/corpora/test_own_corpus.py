"""A corpus of one's own is made of any reports, bound to them, and opens as one that ships."""

import gzip

import pytest

from report_pdf import report_pdf
from standpunt.annotation.issues import issue_from_record, load_issue
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.loading import load_rows
from standpunt.corpora.new import new_corpus
from standpunt.corpora.transcripts import VARIABLE
from standpunt.errors import InputError, LayerError
from standpunt.tasks import get_task

TURNS = (
    ("De voorzitter", "Het woord is aan de heer Jansen."),
    ("De heer Jansen (Rood)", "Voorzitter. De brug moet er komen."),
    ("Mevrouw Smit (Geel)", "Waarom een brug?"),
)
ITEM = """<agendapunt><item-titel>{title}</item-titel><spreekbeurt nieuw="ja"><spreker><naam>Smit</naam></spreker>
<tekst><al>{text}</al></tekst></spreekbeurt></agendapunt>"""
TEXTS = {"nl": "Er moet een brug komen.", "en": "A bridge must be built."}
BRIDGE = issue_from_record({"name": "bridge", **dict.fromkeys(("proposition", "definition", "pro", "con"), TEXTS)}, "")


@pytest.fixture(autouse=True)
def no_transcripts(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def made(tmp_path, report):
    """Return a function that makes a corpus `mine` of a text report, or of those given."""
    (tmp_path / "brug.txt").write_text(report(*TURNS), encoding="utf-8")

    def make(*reports, issues=(BRIDGE,), annotators=("jan",), dates=("2031-01-01",), **options):
        given = reports or (tmp_path / "brug.txt",)
        return new_corpus(tmp_path / "mine", given, issues, annotators, dates=dates, **options)

    return make


def sitting(folder, *titles):
    items = "".join(ITEM.format(title=title, text=f"Het gaat over {title}.") for title in titles)
    path = folder / "sitting.xml"
    kind = "officiele-publicatie"
    path.write_text(f"<{kind}><handelingen>{items}</handelingen></{kind}>", encoding="utf-8")
    return path


def label(folder, annotator, *labels):
    """Give an annotator a layer on the only debate of a corpus."""
    (place,) = [path.parent for path in folder.glob("*/source.json")]
    source = Source.load(place / "source.json")
    Layer(annotator, ("bridge",), source.sha256, labels).save(place / f"stance.{annotator}.jsonl", source)


FAVOR, ASKS = Label(2, "bridge", "favor", "Jansen"), Label(3, "bridge", "neutral", "Smit")


def test_new_corpus_opens_with_text_issue_date_and_empty_layers(made, tmp_path):
    (one,) = made(annotators=("jan", "els"), title="Bruggen")
    assert (one.name, one.has_text) == ("brug", True)
    corpus = load_corpus(str(tmp_path / "mine"))
    (debate,) = corpus.debates
    assert (corpus.title, corpus.synthetic) == ("Bruggen", False)
    assert (debate.name, debate.debate.id, debate.source.date, debate.debate.date) == (
        "brug", "brug", "2031-01-01", "2031-01-01",
    )  # fmt: skip
    assert corpus.issues == {"bridge": BRIDGE}
    assert {name: (layer.issues, layer.labels) for name, layer in debate.layers.items()} == {
        "els": (("bridge",), ()),
        "jan": (("bridge",), ()),
    }


@pytest.mark.parametrize("form", ["txt", "txt.gz", "pdf", "xml"])
def test_report_in_any_format_lies_in_the_folder(made, tmp_path, report, form):
    text = report(*TURNS)
    path = tmp_path / f"brug.{form}"
    if form == "xml":
        path = sitting(tmp_path, "De brug")
    else:
        contents = {"txt": text.encode, "txt.gz": lambda: gzip.compress(text.encode()), "pdf": lambda: report_pdf(text)}
        path.write_bytes(contents[form]())
    (one,) = made(path)
    (copied,) = (tmp_path / "mine" / one.name).glob("report.*")
    assert copied.name == f"report.{form}"
    (debate,) = load_corpus(str(tmp_path / "mine")).debates
    assert debate.debate.sha256 == debate.source.sha256 == one.debate.sha256


def test_of_a_report_with_several_debates_one_is_chosen(made, tmp_path):
    path = sitting(tmp_path, "De brug", "De dijk")
    with pytest.raises(InputError, match=r"holds 2 debates; choose with --debate one of: De brug; De dijk"):
        made(path)
    with pytest.raises(InputError, match=r"no debate in it with 'tunnel' in its title; its debates are: De brug"):
        made(path, about="tunnel")
    assert not (tmp_path / "mine").exists()
    (one,) = made(path, about="dijk")
    (debate,) = load_corpus(str(tmp_path / "mine")).debates
    assert (one.debate.title, debate.source.title, debate.debate.title) == ("De dijk",) * 3
    sitting(tmp_path / "mine" / one.name, "De brug", "De tunnel").replace(tmp_path / "mine" / one.name / "report.xml")
    with pytest.raises(LayerError, match=r"report\.xml: none of its 2 debates is the one that was annotated"):
        load_corpus(str(tmp_path / "mine"))


def test_two_reports_in_a_folder_are_refused(made, tmp_path, report):
    (one,) = made()
    (tmp_path / "mine" / one.name / "report.pdf").write_bytes(report_pdf(report(*TURNS)))
    with pytest.raises(InputError, match=r"report\.pdf and report\.txt lie in it; keep the one that was annotated"):
        load_corpus(str(tmp_path / "mine"))


def test_report_that_may_not_be_shared_stays_where_it_is(made, tmp_path, monkeypatch):
    (one,) = made(with_text=False)
    assert not one.has_text
    assert list((tmp_path / "mine").rglob("report.*")) == []
    monkeypatch.setenv(VARIABLE, str(tmp_path / "brug.txt"))
    assert len(load_corpus(str(tmp_path / "mine")).debates[0].debate.turns) == 3


def test_reports_of_the_same_name_and_dates_in_their_order(made, tmp_path, report):
    places = []
    for name, word in (("a", "hoog"), ("b", "laag")):
        (tmp_path / name).mkdir()
        places.append(tmp_path / name / "issues.txt")
        places[-1].write_text(report(*TURNS[:2], ("Mevrouw Smit (Geel)", f"Die is te {word}.")), encoding="utf-8")
    with pytest.raises(InputError, match=r"these 2 reports do not say their day, and 1 dates are given"):
        made(*places)
    made(*places, dates=("2031-01-01", "2031-02-02"))
    debates = load_corpus(str(tmp_path / "mine")).debates
    assert [(item.name, item.source.date) for item in debates] == [
        ("issues-2", "2031-01-01"), ("issues-3", "2031-02-02"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"dates": ()}, "does not say its day; give it with --date"),
        ({"dates": ("gisteren",)}, "YYYY-MM-DD"),
        ({"annotators": ("a/b",)}, "part of file names"),
        ({"issues": ()}, "no issue is given"),
        ({"issues": (BRIDGE, BRIDGE)}, "bridge is given 2 times"),
    ],
)
def test_what_cannot_be_made_is_refused_whole(made, tmp_path, options, reason):
    with pytest.raises(InputError, match=reason):
        made(**options)
    assert [path.name for path in tmp_path.iterdir()] == ["brug.txt"]


def test_the_same_debate_twice_and_a_folder_that_is_there_are_refused(made, tmp_path):
    with pytest.raises(InputError, match="the same debate as"):
        made(tmp_path / "brug.txt", tmp_path / "brug.txt")
    made()
    with pytest.raises(InputError, match="exists already"):
        made()


def test_issue_that_ships_is_not_copied(made, tmp_path):
    made(issues=(load_issue("no_fly_zone"),))
    assert list((tmp_path / "mine" / "issues").iterdir()) == []
    assert set(load_corpus(str(tmp_path / "mine")).issues) == {"no_fly_zone"}


def rows(tmp_path, layer="adjudicated"):
    return load_rows(str(tmp_path / "mine"), get_task("stance"), layer=layer)


def test_with_one_annotator_the_layer_is_taken_and_named(made, tmp_path):
    made()
    with pytest.raises(InputError, match=r"jan labelled nothing yet; see standpunt annotate next"):
        rows(tmp_path)
    label(tmp_path / "mine", "jan", FAVOR, ASKS)
    loaded = rows(tmp_path)
    assert (loaded.rows["label"][:], loaded.annotators) == (["favor", "neutral"], ("jan",))


def test_with_several_annotators_one_must_be_chosen(made, tmp_path):
    made()
    label(tmp_path / "mine", "jan", FAVOR)
    label(tmp_path / "mine", "els", ASKS)
    with pytest.raises(InputError, match=r"no adjudicated layer; .*corpus\.layer=els or corpus\.layer=jan"):
        rows(tmp_path)
    with pytest.raises(InputError, match=r"unknown layer 'jen': did you mean 'jan'\?; choose with corpus\.layer=els"):
        rows(tmp_path, "jen")
    assert rows(tmp_path, "els").rows["label"][:] == ["neutral"]
    label(tmp_path / "mine", "adjudicated", FAVOR, ASKS)
    assert rows(tmp_path).annotators == ("adjudicated",)


def test_debate_without_a_layer_is_named(made, tmp_path):
    made()
    for path in (tmp_path / "mine").rglob("stance.*"):
        path.unlink()
    with pytest.raises(InputError, match="debate brug: it has no layer; label it"):
        rows(tmp_path)
