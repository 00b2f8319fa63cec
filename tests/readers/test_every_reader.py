"""One invented debate in every format: what the readers promise alike, and how they refuse what is no report."""

import gzip
import io
import socket
import time
import zipfile
from itertools import product

import pytest

from standpunt.debate import Speaker
from standpunt.errors import ReadError
from standpunt.readers import read_debates

TEXT = ("plain", "minutes")
XML = ("vlos", "handelingen", "parlamint")
FORMATS = (*TEXT, *XML)
STEM = "ParlaMint-XX_2030-05-06"  # for all of them; by this name ParlaMint finds its register
PEOPLE = {  # key: title, name, party, office as VLOS has it
    "smit": ("Mevrouw", "Smit", "Geel", "Tweede Kamerlid"),
    "koster": ("De heer", "Koster", "Paars", "Tweede Kamerlid"),
    "pot": ("Minister", "Pot", None, "Minister"),
}
SPEAKERS = {key: Speaker(name, party, "member") for key, (_, name, party, _) in PEOPLE.items()} | {
    "pot": Speaker("Pot", None, "minister"),
    "chair": Speaker("De voorzitter", None, "chair"),
    None: Speaker("Onbekend", None, "guest"),
}
SUSPENDED = "De vergadering wordt van 10.20 uur tot 10.30 uur geschorst."
MOTION = ("De Kamer,", "gehoord de beraadslaging,", "verzoekt de regering de brug recht te zetten,")
MOTION += ("en gaat over tot de orde van de dag.",)
ABOUT = ("Deze motie is voorgesteld door de leden Smit en Koster.", "Zij krijgt nr. 12 (37000).")
# Who, what kind, which words. The member Koster is also who chairs: only the mark tells when.
SCRIPT = (
    ("chair", "chair", ("Goedemorgen.", "Het woord is aan mevrouw Smit.")),
    ("smit", "speech", ("Voorzitter.", "De brug over de vaart is scheef, naar één kant.")),
    ("koster", "interruption", ("Hoe scheef is zij dan?",)),
    ("smit", "reply", ("Twee duim, niet meer.",)),
    ("smit", "motion", MOTION),
    ("chair", "chair", ABOUT),
    ("chair", "chair", ("Het woord is aan de minister van Bruggen.",)),
    ("pot", "speech", ("Voorzitter. De motie op stuk nr. 12 ontraad ik.",)),
    (None, "interruption", ("Dat hoor ik hier niet.",)),
    ("chair", "chair", ("Dan sluit ik de beraadslaging.",)),
)
REGISTER = """<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><listOrg>
<org xml:id="K" role="government"/><org xml:id="G" role="parliamentaryGroup"><orgName full="abb">Geel</orgName></org>
<org xml:id="P" role="parliamentaryGroup"><orgName full="abb">Paars</orgName></org></listOrg><listPerson>
<person xml:id="smit"><persName><surname>Smit</surname></persName><affiliation role="member" ref="#G"/></person>
<person xml:id="koster"><persName><surname>Koster</surname></persName><affiliation role="member" ref="#P"/></person>
<person xml:id="pot"><persName><surname>Pot</surname></persName><affiliation role="minister" ref="#K"/></person>
</listPerson></teiHeader></teiCorpus>"""


def wrap(tag, parts):
    return "".join(f"<{tag}>{part}</{tag}>" for part in parts)


def plain(script):
    blocks = ["Aan de orde is het debat over bruggen."]
    for who, kind, words in script:
        title, name, party, _ = PEOPLE.get(who, ("De", "voorzitter", None, ""))
        header = f"{title} {name}{f' ({party})' if party else ''}:\n"
        blocks += [("" if kind == "motion" else header) + words[0], *words[1:]]
        blocks += [SUSPENDED] if words == ABOUT else []
    return "\n\n".join(blocks) + "\n"


def minutes(script):
    lines = ["Notulen van de gemeenteraad van Brugdorp"]
    for who, kind, words in script:
        title, name, party, _ = PEOPLE.get(who, ("De", "voorzitter", None, ""))
        label = f"{title} {name}{f' ({party})' if party else ''}. "
        lines += ["Motie over de brug", *words] if kind == "motion" else [label + words[0], *words[1:]]
        lines += [SUSPENDED] if words == ABOUT else []
    return "\n".join(lines) + "\n"


def items(*texts):
    return "".join(f"<alinea><alineaitem>{text}</alineaitem></alinea>" for text in texts)


def vlos_speech(tag, who, words, inside=""):
    title, name, party, office = PEOPLE["koster" if who == "chair" else who] if who else (None,) * 4
    label = f"{title} <nadruk type='Vet'>{name}</nadruk>{f' ({party})' if party else ''}: " if who else ""
    label = "De <nadruk type='Vet'>voorzitter</nadruk>: " if who == "chair" else label
    party = f"<fractie>{party}</fractie>" if party else ""
    person = f"<spreker soort='{office}' objectid='{name}'>{party}<verslagnaam>{name}</verslagnaam></spreker>"
    chairs = f"<isvoorzitter>{str(who == 'chair').lower()}</isvoorzitter>"
    text = items(*(label + text if n == 0 else text for n, text in enumerate(words)))
    return f"<{tag}>{person if who else ''}{chairs}<tekst>{text}</tekst>{inside}</{tag}>"


def vlos(script):
    parts = []  # stage directions, and who has the floor with what is nested in it
    holder = None
    label = "De <nadruk type='Vet'>voorzitter</nadruk>: "
    for who, kind, words in script:
        if kind in ("interruption", "reply"):
            holder[2] += vlos_speech("interrumpant", who, words)
        elif kind == "motion":
            text = f"<alineagroep type='Motietekst'>{items(*words)}</alineagroep>"
            text += f"<alineagroep type='Motieinfo'>{items(label + ABOUT[0], ABOUT[1])}</alineagroep>"
            holder[2] += f"<draadboekfragment soort='Motie indiening'><tekst>{text}</tekst></draadboekfragment>"
        elif words == ABOUT:
            text = f"<tekst>{items(SUSPENDED)}</tekst>"
            parts.append(f"<draadboekfragment soort='Schorsing'>{text}</draadboekfragment>")
        else:
            parts.append(holder := [who, words, ""])
    inner = "".join(part if isinstance(part, str) else vlos_speech("woordvoerder", *part) for part in parts)
    return (
        f"<vlosCoreDocument><vergadering><datum>2030-05-06T00:00:00</datum><activiteit soort='Plenair debat'>"
        f"<titel>Bruggen</titel>{inner}</activiteit></vergadering></vlosCoreDocument>"
    )


def handelingen(script):
    parts = []
    for who, kind, words in script:
        if kind == "motion" or words == ABOUT:
            continue  # both stand inside the contribution before
        title, name, party, _ = PEOPLE.get(who, ("De", "voorzitter", None, ""))
        party = f" (<politiek>{party}</politiek>)" if party else ""
        label = f"<voorvoegsels>{title}</voorvoegsels> <naam>{name}</naam>{party}:" if who else ""
        body = (f"<spreker>{label}</spreker>" if who else "") + f"<tekst>{wrap('al', words)}"
        if kind == "reply" and any(one[1] == "motion" for one in script):
            info = f"<motie-info><spreker><naam>De voorzitter</naam>:</spreker>{wrap('al', ABOUT)}</motie-info>"
            body += f"<motie id='M-37000-12'>{wrap('al', MOTION)}{info}</motie>"
        new = "ja" if kind == "speech" else "nee"
        parts.append(f"<spreekbeurt nieuw='{new}'>{body}</tekst></spreekbeurt>")
        parts += [f"<tekst><al>{SUSPENDED}</al></tekst>"] if kind == "reply" else []
    return (
        "<officiele-publicatie><handelingen><agendapunt><item-titel>Bruggen</item-titel>"
        f"{''.join(parts)}</agendapunt></handelingen></officiele-publicatie>"
    )


def parlamint(script):
    parts = []
    for who, kind, words in script:
        if kind == "motion" or words == ABOUT:
            parts += [wrap("note", words)] + ([f"<note>{SUSPENDED}</note>"] if words == ABOUT else [])
        else:
            reference = f" who='#{'koster' if who == 'chair' else who}'" if who else ""
            mark = " ana='#chair'" if who == "chair" else ""
            parts.append(f"<u{reference}{mark}>{wrap('seg', words)}</u>")
    return (
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><settingDesc><date when='2030-05-06'/></settingDesc>"
        f"</teiHeader><text><body><div type='debateSection'>{''.join(parts)}</div></body></text></TEI>"
    )


PRINT = {"plain": plain, "minutes": minutes, "vlos": vlos, "handelingen": handelingen, "parlamint": parlamint}
KNOWN = tuple(one for one in SCRIPT if one[0])  # print has no header for somebody unknown


def script_of(form):
    return KNOWN if form in TEXT else SCRIPT


def raw(form, script=None):
    return PRINT[form](script or script_of(form)).encode()


@pytest.fixture
def put(tmp_path):
    """Return a function that writes a file beside ParlaMint's register and returns its path."""
    (tmp_path / "ParlaMint-XX.xml").write_text(REGISTER, "utf-8")

    def write(content, suffix=".xml"):
        path = tmp_path / (STEM + suffix)
        path.write_bytes(content)
        return path

    return write


def one(path):
    (debate,) = read_debates(path)
    return debate


def visible(text):
    return "".join(text.split())


@pytest.fixture(params=FORMATS)
def form(request):
    return request.param


BOM = b"\xef\xbb\xbf"
WAYS = {
    "as it is": (lambda data: data, ".xml"),
    "gzipped": (gzip.compress, ".xml.gz"),
    "with a byte order mark": (lambda data: BOM + data, ".xml"),
    "gzipped with a byte order mark": (lambda data: gzip.compress(BOM + data), ".gz"),
    "named .gz but not gzipped": (lambda data: data, ".gz"),
    "gzipped and named .txt": (gzip.compress, ".txt"),
    "named .pdf": (lambda data: data, ".pdf"),
    "without a suffix": (lambda data: data, ""),
}


@pytest.mark.parametrize(("change", "suffix"), WAYS.values(), ids=WAYS)
def test_the_same_debate_however_it_is_kept(put, form, change, suffix):
    debate = one(put(change(raw(form)), suffix))
    script = script_of(form)
    assert [turn.speaker for turn in debate.turns] == [SPEAKERS[who] for who, _, _ in script]
    assert [turn.kind for turn in debate.turns] == [kind for _, kind, _ in script]
    assert [turn.text for turn in debate.turns] == ["\n\n".join(words) for _, _, words in script]
    assert debate.sha256 == one(put(raw(form))).sha256


COMMENT = b"<!-- " + b"Dit bestand is verhuisd. " * 3000 + b"-->\n"
PROLOGS = {
    "a long comment": COMMENT,
    "many comments": b"<!-- Verhuisd -->\n" * 5000,
    "a declaration, a long comment and an instruction": b"<?xml version='1.0'?>\n" + COMMENT + b"<?x y?>",
    "a comment up to where the beginning ends": b"<!--" + b"x" * 8170 + b"-->",
    "white space": b" \n" * 10_000,
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(("form", "what"), [*product(TEXT, ["white space"]), *product(XML, PROLOGS)])
def test_what_stands_before_the_root_may_be_long(put, form, what, pack):
    prolog = PROLOGS[what]
    expected = one(put(raw(form)))
    path = put(pack(prolog + raw(form)))
    path.with_name("ParlaMint-XX.xml").write_bytes(prolog + REGISTER.encode())
    assert [turn.speaker for turn in one(path).turns] == [turn.speaker for turn in expected.turns]
    assert one(path).sha256 == expected.sha256


def test_all_text_is_read_once_and_in_order_and_notes_are_not_in_it(put, form):
    debate = one(put(raw(form)))
    said = visible("".join(turn.text for turn in debate.turns))
    assert said == visible("".join("".join(words) for _, _, words in script_of(form)))
    assert [note.text for note in debate.suspensions] == [SUSPENDED]
    assert visible(SUSPENDED) not in said


def test_the_chair_is_told_by_the_mark_and_has_no_party(put, form):
    turns = one(put(raw(form))).turns
    chairs = [turn for turn in turns if turn.kind == "chair"]
    marked = [n for n, (who, _, _) in enumerate(script_of(form), 1) if who == "chair"]
    assert [turn.ordinal for turn in chairs] == marked
    assert {turn.speaker for turn in chairs} == {SPEAKERS["chair"]}
    assert [turn.speaker.party for turn in turns if turn.speaker.name == "Koster"] == ["Paars"]


def test_motion_with_number_submitters_and_advice(put, form):
    debate = one(put(raw(form)))
    (motion,) = debate.motions
    assert (motion.number, motion.dossier, motion.submitters) == (12, "37000", ("Smit", "Koster"))
    assert (motion.advice, motion.advised_by) == ("ontraden", "Pot")
    assert motion.request == "verzoekt de regering de brug recht te zetten"
    assert debate.turn(motion.turn).speaker == SPEAKERS["smit"]
    assert debate.turn(motion.advice_turn).speaker == SPEAKERS["pot"]


def test_ids_replies_and_floor_hold_together(put, form):
    debate = one(put(raw(form)))
    ids = [turn.id for turn in debate.turns]
    assert len(set(ids)) == len(ids)
    assert [turn.ordinal for turn in debate.turns] == list(range(1, len(ids) + 1))
    answers = {turn.ordinal: debate.turn(turn.replies_to).ordinal for turn in debate.turns if turn.replies_to}
    assert answers == {3: 2, 4: 3} | ({} if form in TEXT else {9: 8})
    names = {turn.speaker.name for turn in debate.turns}
    floors = [turn.floor for turn in debate.turns]
    assert set(floors) - {None} <= names
    assert floors[1:5] == ["Smit"] * 4
    assert floors[7] == "Pot"


def test_the_same_twice_and_the_same_hash_in_every_format(put):
    # All print a surname, ParlaMint in its register, so speakers and words are comparable to the letter.
    everywhere = [one(put(raw(form, KNOWN))) for form in FORMATS]
    assert len({debate.sha256 for debate in everywhere}) == 1
    assert len({one(put(raw(form))).sha256 for form in XML}) == 1
    for form, debate in zip(FORMATS, everywhere, strict=True):
        assert one(put(raw(form, KNOWN))) == debate
    # Without its register ParlaMint has references for names: the words can be compared, the speakers cannot.
    put(b"").parent.joinpath("ParlaMint-XX.xml").rename(put(b"").parent / "elsewhere.xml")
    alone = one(put(raw("parlamint", KNOWN), "x.xml"))
    assert [turn.text for turn in alone.turns] == [turn.text for turn in everywhere[0].turns]


def test_soft_hyphens_are_no_words(put, form):
    script = (
        *KNOWN[:2],
        ("koster", "interruption", ("\u00ad",)),
        ("smit", "reply", ("\u00adTwee \u00ad duim.\u00ad",)),
    )
    assert [turn.text for turn in one(put(raw(form, script))).turns[2:]] == ["Twee duim."]


def test_what_is_odd_is_counted(put, form):
    assert dict(one(put(raw(form, KNOWN))).oddities) == {}
    if form in XML:
        assert dict(one(put(raw(form))).oddities) == {"unknown speaker": 1}
        mute = (*SCRIPT[:2], ("koster", "interruption", ()), *SCRIPT[3:])
        assert dict(one(put(raw(form, mute))).oddities) == {"unknown speaker": 1, "empty turn": 1}


def refused(path, *, why=""):
    """Check that a file is refused as it should be; return the message."""
    start = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        list(read_debates(path))
    assert time.perf_counter() - start < 2
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert why in message
    assert "\n" not in message
    return message


def archive(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("verslag.xml", data)
    return buffer.getvalue()


def flip(data, place):
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


ANY = {
    "empty": lambda data: b"",
    "empty, gzipped": lambda data: gzip.compress(b""),
    "binary": lambda data: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + data,
    "binary after the beginning": lambda data: data[:400] + b"\0\0" + data[400:],
    "ZIP": archive,
    "breaks off": lambda data: data[: data.index(b" scheef")],
    "Latin-1": lambda data: data.decode().encode("latin-1"),
    "gzip cut off": lambda data: gzip.compress(data)[:300],
    "gzip without its end": lambda data: gzip.compress(data)[:-4],
    "gzip damaged": lambda data: flip(gzip.compress(data), 300),
    "gzip with a wrong checksum": lambda data: flip(gzip.compress(data), -8 + len(gzip.compress(data))),
}
BOMB = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
ONLY_XML = {
    "entity bomb": lambda data: f"<!DOCTYPE x [<!ENTITY e0 'ha'>{BOMB}]>".encode() + data.replace(b"scheef", b"&e11;"),
    "unused document type": lambda data: b"<!DOCTYPE x>" + data,
    "deep nesting": lambda data: data.replace(b"scheef", b"<x>" * 100_000 + b"scheef" + b"</x>" * 100_000),
    "declared ASCII": lambda data: b"<?xml version='1.0' encoding='US-ASCII'?>" + data,
    "declared UTF-16": lambda data: b"<?xml version='1.0' encoding='UTF-16'?>" + data,
    "nothing but a comment": lambda data: b"<!--" + b"x" * (1 << 23) + b"-->",
    "a comment without end": lambda data: b"<!--" + b"x" * (1 << 23) + data,
    "declared unknown": lambda data: b"<?xml version='1.0' encoding='klingon'?>" + data,
}


@pytest.mark.parametrize("spoil", ANY.values(), ids=ANY)
def test_what_cannot_be_read_is_refused_in_one_line(put, form, spoil):
    refused(put(spoil(raw(form))))


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize("spoil", ONLY_XML.values(), ids=ONLY_XML)
def test_hostile_xml_is_refused_in_one_line(put, form, spoil):
    refused(put(spoil(raw(form))))


@pytest.mark.parametrize("form", XML)
def test_external_entities_are_neither_read_nor_fetched(put, tmp_path, form):
    (tmp_path / "canary.txt").write_text("kanarie")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        web = f"http://127.0.0.1:{server.getsockname()[1]}/canary"
        for source in (f"file://{tmp_path}/canary.txt", "canary.txt", web):
            inside = f"<!DOCTYPE x [<!ENTITY e SYSTEM '{source}'>]>".encode() + raw(form).replace(b"scheef", b"&e;")
            outside = f"<!DOCTYPE x SYSTEM '{source}'>".encode() + raw(form)
            for content in (inside, outside):
                assert "kanarie" not in refused(put(content))
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("root", ["rss", "feed", "TEI", "x:vlosCoreDocumenten"])
def test_xml_of_another_kind_is_refused(put, root):
    refused(put(f"<?xml version='1.0'?><{root} xmlns:x='y'><p>Welkom.</p></{root}>".encode()), why="unknown kind")
