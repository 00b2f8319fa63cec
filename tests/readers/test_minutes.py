"""The minutes of a council: an invented sitting with everything that the real layout has."""

from itertools import pairwise

import pytest

from council import HEAD, OPENING, PARTS, lay_out, minutes
from report_pdf import report_pdf
from standpunt.debate import CABINET_ROLES, Speaker
from standpunt.errors import ReadError
from standpunt.parliament.votes import join_votes
from standpunt.readers import minutes as reader
from standpunt.readers import plain, read_debates

BOS = Speaker("Anna Bos", "Groen", "member")
MOLEN = Speaker("Piet van der Molen", "Stadsbelang", "member")
KOK = Speaker("Sanne Kok-de Wit", "Rood", "member")
IDRISSI = Speaker("Youssef El Idrissi", "Rood", "member")
HAAN = Speaker("Lotte de Haan", "Blauw", "member")
MULDER = Speaker("Mulder", "Rood", "alderman")
LOON = Speaker("Van Loon", None, "mayor")
VLIET = Speaker("Van Vliet", None, "guest")
BRIDGES, MARKET, VOTES = 3, 4, 5


def read(text, **options):
    return list(reader.parse(text, **options))


@pytest.fixture(scope="module")
def debates():
    return read(minutes(), debate_id="raad")


def spoken(debate):
    return [(turn.speaker, turn.kind) for turn in debate.turns if turn.speaker.role != "chair"]


def test_an_agenda_item_is_a_debate_and_one_taken_up_again_is_one_still(debates):
    assert [debate.title for debate in debates] == [
        "Opening",
        "A. Vaststelling agenda",
        "B. De stad spreekt",
        "D. Voorstel van het college inzake Nota Bruggen 2030 (VB1001); E. Voorstel van het college inzake Verordening"
        " kades (VB1002)",
        "F. Veiligheid op de markt",
        "Stemmingen",
    ]
    assert [debate.id for debate in debates] == ["raad", "raad-2", "raad-3", "raad-4", "raad-5", "raad-6"]
    assert {debate.date for debate in debates} == {"2030-03-07"}
    assert [dict(debate.oddities) for debate in debates] == [{}] * 6


def test_speakers_roles_and_kinds(debates):
    assert spoken(debates[BRIDGES]) == [
        (BOS, "speech"),
        (MOLEN, "interruption"),
        (BOS, "reply"),
        (MOLEN, "interruption"),
        (BOS, "reply"),  # labelled "Mevrouw Bos (Groen)"
        (BOS, "motion"),
        (MOLEN, "speech"),
        (MOLEN, "motion"),
        (MOLEN, "motion"),
        (MULDER, "speech"),
        (KOK, "interruption"),
        (MULDER, "reply"),
        (BOS, "speech"),
    ]
    assert spoken(debates[MARKET]) == [(IDRISSI, "speech"), (LOON, "speech"), (IDRISSI, "motion")]
    assert spoken(debates[VOTES]) == [(HAAN, "speech"), (MOLEN, "speech")]
    assert {MULDER.role, LOON.role} <= set(CABINET_ROLES)


def test_who_is_let_in_to_speak_is_a_guest_without_party_and_has_the_floor(debates):
    assert spoken(debates[2]) == [(VLIET, "speech"), (VLIET, "speech")]


def test_text_has_whole_paragraphs_without_page_numbers(debates):
    (speech, *_) = [turn for turn in debates[BRIDGES].turns if turn.speaker == BOS]
    assert "\n" not in speech.text
    assert "de zero-emissie-route naar" in speech.text
    assert debates[VOTES].turns[2].text.split("\n\n")[0] == "De motie wordt aangenomen met 3 tegen 2 stemmen."
    numbers = [note.text for debate in debates for note in debate.notes if note.kind == "page"]
    assert sorted(numbers) == ["1", "2", "3", "4", "5"]
    motion = debates[BRIDGES].turn(debates[BRIDGES].motions[0].turn)
    assert motion.text.split("\n\n")[1:3] == [
        "Constaterende, dat:",
        "▪ er bij de bruggen nergens een plek is om te zitten;",
    ]


def test_a_page_break_inside_of_a_turn_lies_between_its_spans(debates):
    broken = [(debate, turn) for debate in debates for turn in debate.turns if len(turn.spans) > 1]
    assert broken
    for debate, turn in broken:
        assert "\f" not in turn.text
        words = turn.text.split()
        start, end = debate.to_source(turn, 0, len(turn.text))
        assert (start, end) == (turn.start, turn.end)
        last = turn.text.rindex(words[-1])
        assert debate.source[slice(*debate.to_source(turn, last, len(turn.text)))] == words[-1]


@pytest.mark.parametrize("text", [minutes(), minutes().replace("\n", "\r\n"), "\ufeff" + minutes()])
def test_nothing_is_lost_and_nothing_is_in_two_places(text):
    found = read(text)
    taken = [span for debate in found for turn in debate.turns for span in turn.spans]
    taken += [(note.start, note.end) for debate in found for note in debate.notes]
    taken.sort()
    assert all(a[1] <= b[0] for a, b in pairwise(taken))
    labels = {"De voorzitter.", "Mevrouw Van Vliet (D).", "Mevrouw Van Vliet.", "Mevrouw Bos (Groen)."}
    labels |= {"De heer Van Loon.", "Wethouder Mulder (Rood)."}
    labels |= {f"{speaker}." for speaker in (BOS, MOLEN, KOK, IDRISSI, HAAN)}
    position = 0
    for start, end in [*taken, (len(text), len(text))]:
        rest = text[position:start].strip("\ufeff \r\n\f")
        assert not rest or rest in labels
        position = end


def test_the_same_words_whatever_the_lines_are(debates):
    for text in (minutes().replace("\n", "\r\n"), "\n".join(PARTS), "\n\n".join("\n".join(PARTS).split("\n"))):
        assert [d.sha256 for d in read(text.replace("\ufffe", "-"))][BRIDGES:MARKET] == [debates[BRIDGES].sha256]


def test_minutes_as_pdf_have_the_same_turns(tmp_path, debates):
    path = tmp_path / "notulen.pdf"
    path.write_bytes(report_pdf("\n".join(PARTS)))
    found = list(read_debates(path))
    assert [debate.sha256 for debate in found] == [debate.sha256 for debate in debates]
    assert [(m.number, m.submitters, m.title) for debate in found for m in debate.motions] == [
        (m.number, m.submitters, m.title) for debate in debates for m in debate.motions
    ]


def test_motions_and_amendments(debates):
    motions = [motion for debate in debates for motion in debate.motions]
    assert [(m.dossier, m.number, m.submitters, m.title) for m in motions] == [
        ("D", 1, ("Bos", "Kok", "El Idrissi"), "Motie D.1 Groen Een bankje bij elke brug"),
        ("E", "A", ("Van der Molen",), "Amendement E.A SB Geen paaltjes"),
        ("E", "B", ("Van der Molen",), "Amendement E.B SB Wel verlichting"),
        ("F", 1, ("El Idrissi",), "Gewijzigde motie F.1 Rood Licht op de markt"),
    ]
    assert motions[0].request == (
        "Verzoekt het college:\n\n▪ bij elke brug een bankje te plaatsen\n\n"
        "▪ de raad daarover voor de zomer te berichten."
    )
    assert motions[1].request == "Besluit om:\n\n▪ artikel 4 te laten vervallen."
    assert motions[3].request == "Spreekt uit dat de markt verlicht moet worden."


def test_results_stand_beside_the_motions(debates):
    pairs = [pair for debate in debates for pair in join_votes(debate.motions, debate.votes)]
    assert [(vote.result, dict(vote.counts)) for _, vote in pairs] == [
        ("aangenomen", {"Voor": 3, "Tegen": 2}),  # and not what came of the one of the same number a month before
        ("gestaakt", {"Voor": 2, "Tegen": 2}),
        ("aangenomen", {"Tegen": 0}),
        ("aangenomen", {"Voor": 4, "Tegen": 1}),
    ]
    assert [(vote.number, vote.result) for vote in debates[MARKET].votes] == [(2, "ingetrokken"), (1, "aangenomen")]
    (earlier,) = debates[VOTES].votes
    assert (earlier.result, earlier.title) == (
        "verworpen",
        "motie D.1 SB (Gestaakte stemmen raadsvergadering 7 februari 2030)",
    )


def test_a_motion_that_is_changed_later_keeps_number_submitters_and_the_vote(debates):
    changed = (
        "De voorzitter. Motie D.1 Groen is in die zin gewijzigd, dat zij thans luidt:\nGewijzigde motie D.1 Groen "
    )
    changed += "Een bank bij elke brug\nDe raad van de gemeente Veldbrug, in vergadering bijeen op 7 maart 2030,\n"
    changed += "Verzoekt het college:\n▪ banken te plaatsen.\nEn gaat over tot de orde van de dag.\n"
    votes = "- Gestaakte stemmen"
    found = read(minutes().replace(votes, changed + votes))
    (late,) = found[VOTES].motions
    assert (late.dossier, late.number, late.submitters) == ("D", 1, ("Bos", "Kok", "El Idrissi"))
    assert found[VOTES].turn(late.turn).speaker == BOS
    for debate in (found[BRIDGES], found[VOTES]):
        vote = next(vote for vote in debate.votes if vote.result == "aangenomen")
        assert vote.title == "Gewijzigde motie D.1 Groen Een bank bij elke brug"


def test_a_roll_call_is_told_by_party(debates):
    vote = debates[BRIDGES].votes[0]
    assert vote.by_person
    assert dict(vote.votes) == {"Groen": "Voor", "Rood": "Voor", "Blauw": "Tegen", "Stadsbelang": "Tegen"}
    found = read(minutes().replace("de leden Bos, El", "de leden Bosch, El"))
    assert dict(found[BRIDGES].votes[0].votes) == {"Rood": "Voor", "Blauw": "Tegen", "Stadsbelang": "Tegen"}
    assert dict(found[VOTES].oddities) == {"name in a roll call that is not among those present": 1}


def test_stage_directions_are_notes(debates):
    notes = [(note.kind, " ".join(note.text.split())) for debate in debates for note in debate.notes]
    for note in (
        ("vote", "De agenda wordt ongewijzigd vastgesteld."),
        ("reaction", "(Applaus)"),
        ("suspension", "De vergadering wordt van 20.30 uur tot 21.00 uur geschorst."),
        ("resumption", "De beraadslaging wordt hervat."),
        ("heading", "Voorzitter: mevrouw De Haan."),
        ("vote", "In stemming komt amendement E.A SB."),
        ("closing", "Niets meer aan de orde zijnde, sluit de voorzitter te 22.15 uur de vergadering."),
    ):
        assert note in notes


def test_an_item_without_speech_is_handed_on_as_notes(debates):
    assert debates[BRIDGES].notes[0].text.endswith("C. Ingekomen stukken.")
    assert debates[BRIDGES].notes[1].kind == "preamble"


def test_the_chairs_calls_give_the_floor_where_they_are_printed():
    body = [f"De voorzitter. Het woord is aan mevrouw Bos.\nAnna Bos (Groen). {'Ik vind dit een goed plan. ' * 20}"]
    body += [f"De voorzitter. Dan nu de heer Van der Molen.\nPiet van der Molen (Stadsbelang). {'Nee. ' * 100}"]
    body += ["De voorzitter. Het woord is aan de wethouder.\nWethouder Mulder (Rood). Dank u wel."]
    (debate,) = read(lay_out(HEAD, *body))
    assert spoken(debate)[::2] == [(BOS, "speech"), (MULDER, "speech")]


def test_a_label_in_the_middle_of_a_sentence_is_speech():
    told = "De voorzitter. Dat staat in het verslag, en dat heeft u allen kunnen lezen, van de hand van onze leden "
    text = f"{HEAD}\n{told}\nAnna Bos (Groen). Zij schreef het.\nMevrouw De Haan.\nLotte de Haan (Blauw). Ja.\n"
    (debate,) = read(text)
    assert [turn.speaker.name for turn in debate.turns] == ["De voorzitter", "Lotte de Haan"]


PRINTED = (
    "Aan de orde is het debat over de gemeenteraad.\n\nDe voorzitter:\nGoedemiddag.\n\nMevrouw Smit (Geel):\nJa.\n"
)


def test_minutes_are_told_from_the_printed_report(tmp_path):
    assert reader.sniff(minutes())
    assert not reader.sniff(PRINTED)
    assert not reader.sniff(PRINTED.replace("De voorzitter:\n", "De voorzitter: "))
    path = tmp_path / "verslag.txt"
    path.write_text(PRINTED, "utf-8")
    assert list(read_debates(path)) == [plain.parse(PRINTED)]


def test_minutes_may_have_colons():
    text = f"Notulen van de raadsvergadering\n{OPENING}\nWethouder Mulder (Rood). Welkom.\n"
    text = (
        text.replace("De voorzitter.", "De voorzitter:").replace("(Rood).", "(Rood):").replace("(Blauw).", "(Blauw):")
    )
    assert reader.sniff(text)
    assert [turn.speaker for turn in read(text)[1].turns if turn.speaker.role != "chair"] == [HAAN, MULDER]


@pytest.mark.parametrize(
    "words", ["Wie betaalt die", "Wie betaalt die bankjes, mevrouw", "Ik heb twee amendementen, over"]
)
def test_minutes_that_break_off_are_refused(words):
    text = minutes()
    text = text[: text.index(words) + len(words)]
    with pytest.raises(ReadError, match=r"the minutes break off in the middle of a sentence at character \d+ \(Piet"):
        read(text)
    assert read(text, partial=True)


def test_minutes_that_break_off_after_a_label_are_refused():
    text = minutes()
    text = text[: text.index(" In mei.")]
    with pytest.raises(ReadError, match=r"the minutes break off after the label 'Wethouder Mulder \(Rood\)\.'"):
        read(text)


def test_a_sitting_of_votes_only_is_read():
    votes = "- Nota Bruggen 2030 (VB1001).\nIn stemming komt motie D.7 Groen.\n"
    votes += "De voorzitter. De motie wordt verworpen met 14 tegen 31 stemmen."
    found = read(lay_out(HEAD, "De voorzitter. Ik open de vergadering.", votes))
    assert [debate.title for debate in found] == ["Opening", "Stemmingen"]
    (vote,) = found[1].votes
    assert (vote.dossier, vote.number, vote.result) == ("D", 7, "verworpen")
