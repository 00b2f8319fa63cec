"""Speakers, turns, motions and stage directions."""

import pytest

from standpunt.debate import Speaker
from standpunt.readers import plain

SPEECH = "Voorzitter. De brug is oud."


@pytest.mark.parametrize(
    ("header", "name", "party", "role"),
    [
        ("De heer Jansen (Rood)", "Jansen", "Rood", "member"),
        ("De heer Jansen (Rood Front)", "Jansen", "Rood Front", "member"),
        ("Mevrouw Jansen (Rood-Geel)", "Jansen", "Rood-Geel", "member"),
        ("Mevrouw Jansen (Démocratie & Recht)", "Jansen", "Démocratie & Recht", "member"),
        ("De heer Jansen (Bruggen Nu!)", "Jansen", "Bruggen Nu!", "member"),
        ("De heer Van Hijum (Rood)", "Van Hijum", "Rood", "member"),
        ("Mevrouw De Roon (Rood)", "De Roon", "Rood", "member"),
        ("De heer Van 't Hekke (Rood)", "Van 't Hekke", "Rood", "member"),
        ("De heer Van ’t Hekke (Rood)", "Van ’t Hekke", "Rood", "member"),
        ("De heer D'Ailleboust (Rood)", "D'Ailleboust", "Rood", "member"),
        ("Mevrouw Çelikoğlu-Visch (Rood)", "Çelikoğlu-Visch", "Rood", "member"),
        ("Mevrouw Yeşil-Van der Élst (Rood)", "Yeşil-Van der Élst", "Rood", "member"),
        ("De heer Jan Jansen (Rood)", "Jan Jansen", "Rood", "member"),
        ("Minister Van Raesfelt", "Van Raesfelt", None, "minister"),
        ("Minister-president Jansen", "Jansen", None, "minister"),
        ("Staatssecretaris Ten Holtrop", "Ten Holtrop", None, "state secretary"),
        ("Mevrouw Jansen", "Jansen", None, "guest"),
        ("De voorzitter", "De voorzitter", None, "chair"),
        ("De fungerend voorzitter", "De voorzitter", None, "chair"),
    ],
)
def test_header_names_the_speaker(read, header, name, party, role):
    debate = read((header, SPEECH))
    assert [turn.speaker for turn in debate.turns] == [Speaker(name, party, role)]
    assert debate.turns[0].text == SPEECH


@pytest.mark.parametrize("party", [" \n(Partij voor Bruggen)", "\n(Partij voor Bruggen)", " (Partij voor \nBruggen)"])
def test_header_may_be_wrapped_at_the_party(read, party):
    debate = read(("De voorzitter", "Mevrouw Smit-Çelikoğlu."), (f"Mevrouw Smit-Çelikoğlu{party}", SPEECH))
    assert debate.turns[1].speaker == Speaker("Smit-Çelikoğlu", "Partij voor Bruggen", "member")
    assert debate.turns[1].text == SPEECH


@pytest.mark.parametrize(
    "speech",
    [
        "De heer Smit en de heer Pot vroegen naar het volgende:",
        "De heer Smit (Geel) vroeg:",
        "Mevrouw Smit van Geel zei gisteren het volgende:",
        "Minister Smit heeft dus gezegd:",
        "De voorzitter van de raad schreef:",
    ],
)
def test_paragraph_that_begins_like_a_header_is_speech(read, unaccounted, speech):
    debate = read(("De heer Jansen (Rood)", SPEECH, f"{speech}\n\nis de brug veilig?"))
    assert [turn.text for turn in debate.turns] == [f"{SPEECH}\n\n{speech}\n\nis de brug veilig?"]
    assert unaccounted(debate) == []


@pytest.mark.parametrize("above", ["Er staat in het verslag", "Er staat in het verslag.", "Ik lees het verslag voor:"])
@pytest.mark.parametrize("line", ["De heer Smit (Geel):", "De voorzitter:", "Minister Smit:"])
def test_line_like_a_header_inside_a_paragraph_is_speech(read, above, line):
    debate = read(("De heer Jansen (Rood)", f"Voorzitter. {above}\n{line}\nde brug is veilig."))
    assert [turn.text for turn in debate.turns] == [f"Voorzitter. {above} {line} de brug is veilig."]


def test_turn_keeps_its_paragraphs(read):
    debate = read(
        ("De heer Jansen (Rood)", "Voorzitter. Eén \nbrug.", "Twee \nbruggen.", "Dank u wel."),
        ("Mevrouw Smit (Geel)", "Drie."),
    )
    assert [turn.text for turn in debate.turns] == ["Voorzitter. Eén brug.\n\nTwee bruggen.\n\nDank u wel.", "Drie."]


def test_ids_and_ordinals_follow_the_order(report):
    text = report(("De voorzitter", "Eén."), ("De heer Jansen (Rood)", "Twee."))
    debate = plain.parse(text, debate_id="bruggen")
    assert [(turn.id, turn.ordinal) for turn in debate.turns] == [("bruggen-001", 1), ("bruggen-002", 2)]
    assert debate.title == "het debat over de bruggen"
    assert debate.turn(2) is debate.turn("bruggen-002")


@pytest.mark.parametrize(
    ("title", "found"),
    [(None, ""), ("De bruggen", "De bruggen"), ("Aan de orde is het debat over de sluis.", "het debat over de sluis")],
)
def test_title_is_what_stands_before_speech(read, title, found):
    debate = read(("De voorzitter", "Welkom."), "De vergadering wordt geschorst.", ("Mevrouw Smit", "Ja."), title=title)
    assert debate.title == found


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("suspension", "De vergadering wordt van 16.30 uur tot 17.00 uur geschorst."),
        ("suspension", "De vergadering wordt enkele ogenblikken geschorst."),
        ("suspension", "De beraadslaging wordt geschorst."),
        ("resumption", "De beraadslaging wordt hervat."),
        ("resumption", "De vergadering wordt hervat."),
        ("closing", "De beraadslaging wordt gesloten."),
        ("closing", "Sluiting 23.15 uur."),
        ("reaction", "(Applaus)"),
        ("reaction", "(Hilariteit)"),
    ],
)
def test_stage_direction_belongs_to_no_turn(read, unaccounted, kind, line):
    debate = read(("De voorzitter", "Ik dank u zeer.", line, "En nu gaan we verder."), ("Mevrouw Smit (Geel)", "Dank."))
    assert [turn.text for turn in debate.turns] == ["Ik dank u zeer.\n\nEn nu gaan we verder.", "Dank."]
    assert [(note.kind, note.text) for note in debate.notes if note.kind != "heading"] == [(kind, line)]
    assert unaccounted(debate) == []


def test_suspension_may_be_wrapped(read):
    line = "De vergadering wordt wegens een storing in het geluid {}van 16.30 uur {}tot 17.00 uur {}geschorst."
    for breaks in (("\n", "", ""), ("", "\n", ""), ("", "", "\n")):
        debate = read(("De voorzitter", "Ik schors.", line.format(*breaks)))
        assert debate.turns[0].text == "Ik schors."
        assert [note.text for note in debate.suspensions] == [line.format("", "", "")]


def test_headings_after_a_suspension_belong_to_no_turn(read, unaccounted):
    debate = read(
        ("De voorzitter", "We gaan stemmen."),
        "De beraadslaging wordt geschorst.",
        "Na de stemmingen gaan we door.",
        "De vergadering wordt enkele ogenblikken geschorst.",
        "De bruggen \nDe bruggen",
        "Aan de orde is de voortzetting van het debat over de \nbruggen.",
        ("De voorzitter", "Ik heropen."),
    )
    assert [turn.text for turn in debate.turns] == ["We gaan stemmen.\n\nNa de stemmingen gaan we door.", "Ik heropen."]
    assert [note.text for note in debate.notes if note.kind == "heading"] == [
        "Aan de orde is het debat over de bruggen.",
        "De bruggen De bruggen",
        "Aan de orde is de voortzetting van het debat over de bruggen.",
    ]
    assert unaccounted(debate) == []


def test_the_chair_may_say_what_is_on_the_agenda(read):
    debate = read(("De voorzitter", "Goedemorgen.", "Aan de orde is het debat over de bruggen. Welkom allen."))
    assert debate.turns[0].text == "Goedemorgen.\n\nAan de orde is het debat over de bruggen. Welkom allen."


def test_words_of_a_stage_direction_inside_a_paragraph_are_speech(read):
    words = "Ik begrijp dat de zaal wil klappen.\n(Applaus)\nDat mag vandaag."
    debate = read(("De voorzitter", words))
    assert debate.turns[0].text == " ".join(words.split())


def test_motion_is_a_turn_of_its_reader(read, motion, announced, unaccounted):
    debate = read(
        ("Mevrouw Smit (Geel)", "Voorzitter. Eén motie.", motion(), "Dank u wel."),
        announced(12, "Smit", "Van Hijum", dossier="37000-X"),
    )
    assert [(turn.speaker.name, turn.kind) for turn in debate.turns] == [
        ("Smit", "speech"),
        ("Smit", "motion"),
        ("Smit", "speech"),
        ("De voorzitter", "chair"),
    ]
    (item,) = debate.motions
    assert (item.number, item.dossier, item.submitters) == (12, "37000-X", ("Smit", "Van Hijum"))
    assert item.request == "verzoekt de regering de bruggen te verven"
    assert item.turn == debate.turns[1].id
    assert item.text == debate.turns[1].text == motion()
    assert unaccounted(debate) == []


def test_motion_below_the_chairs_line_is_spoken_by_its_reader(read, motion, announced, unaccounted):
    debate = read(
        ("Mevrouw Smit (Geel)", "Voorzitter. Twee moties.", motion()),
        announced(12, "Smit"),
        motion("spreekt uit dat bruggen mooi zijn"),
        announced(13, "Smit", "Van Hijum"),
        ("De heer Van Hijum (Rood)", "Voorzitter.", motion("verzoekt het kabinet te wachten")),
        announced(14, "Van Hijum"),
    )
    assert [turn.speaker.name for turn in debate.turns if turn.kind == "motion"] == ["Smit", "Smit", "Van Hijum"]
    assert [(m.number, m.submitters, m.request) for m in debate.motions] == [
        (12, ("Smit",), "verzoekt de regering de bruggen te verven"),
        (13, ("Smit", "Van Hijum"), "spreekt uit dat bruggen mooi zijn"),
        (14, ("Van Hijum",), "verzoekt het kabinet te wachten"),
    ]
    assert unaccounted(debate) == []


def test_motion_of_a_double_name_is_found_by_its_first_part(read, motion, announced):
    debate = read(
        ("Mevrouw Çelik-Visch (Geel)", "Voorzitter.", motion()),
        announced(12, "Çelik"),
        motion("verzoekt het kabinet te wachten"),
        announced(13, "Çelik"),
    )
    assert [turn.speaker.name for turn in debate.turns if turn.kind == "motion"] == ["Çelik-Visch", "Çelik-Visch"]


@pytest.mark.parametrize("namesake", ["Mevrouw Smit (Rood)", "Minister Smit"])
def test_motion_below_the_chairs_line_is_not_given_to_a_namesake(read, motion, announced, namesake):
    debate = read(
        ("Mevrouw Smit (Geel)", "Voorzitter. Twee moties.", motion()),
        announced(12, "Smit"),
        motion("verzoekt het kabinet te wachten"),
        announced(13, "Smit"),
        (namesake, "Voorzitter. Ik heet ook zo."),
    )
    assert [turn.speaker.party for turn in debate.turns if turn.kind == "motion"] == ["Geel", "Geel"]


def test_motion_right_below_a_header(read, motion, announced):
    debate = read(("Mevrouw Smit (Geel)", motion()), announced(12, "Smit"))
    assert [(turn.speaker.name, turn.kind) for turn in debate.turns] == [("Smit", "motion"), ("De voorzitter", "chair")]


def test_debate_without_motions_has_none(read):
    assert read(("Mevrouw Smit (Geel)", SPEECH)).motions == ()


CHANGED = "De motie-Smit c.s. (37000, nr. 12) is in die zin gewijzigd dat zij thans luidt:"


@pytest.fixture
def changed(motion):
    """Return the chair's turn with a motion that was changed: what stands before it, the motion, its new number."""

    def build(announced=CHANGED, number="Zij krijgt nr. 20, was nr. 12 (37000)."):
        return "De voorzitter", announced, motion("verzoekt de regering de bruggen rood te verven"), number

    return build


def test_changed_motion_keeps_its_submitters_and_names_what_it_replaces(read, motion, announced, changed, unaccounted):
    debate = read(
        ("Mevrouw Smit (Geel)", "Voorzitter.", motion()),
        announced(12, "Smit", "Pot"),
        ("De heer Pot (Rood)", "Dank."),
        changed(),
    )
    found = [(m.number, m.dossier, m.submitters, m.replaces) for m in debate.motions]
    assert found == [(12, "37000", ("Smit", "Pot"), None), (20, "37000", ("Smit", "Pot"), 12)]
    assert [debate.turn(m.turn).speaker.name for m in debate.motions] == ["Smit", "Smit"]
    assert debate.motions[1].request == "verzoekt de regering de bruggen rood te verven"
    assert debate.motions[1].record()["replaces"] == 12
    assert unaccounted(debate) == []


def test_changed_motion_of_another_debate(read, changed):
    said = "De motie-Van der Smit/Pot (37000-X, nr. 12) is in die zin gewijzigd dat zij thans luidt:"
    debate = read(("De heer Koster (Rood)", "Dank."), changed(said, "Zij krijgt nr. 20, was nr. 12 (37000-X)."))
    (item,) = debate.motions
    assert (item.number, item.dossier, item.submitters, item.replaces) == (20, "37000-X", ("Van der Smit", "Pot"), 12)
    assert debate.turn(item.turn).speaker.role == "chair"  # not the member who spoke last


def test_changed_motion_that_is_submitted_anew(read, motion, announced):
    header, names, number = announced(20, "Smit", "Pot")
    debate = read(("Mevrouw Smit (Geel)", motion()), (header, names, number.replace("20", "20, was nr. 12")))
    assert [(m.number, m.submitters, m.replaces) for m in debate.motions] == [(20, ("Smit", "Pot"), 12)]


def test_changed_motion_without_its_new_number(read, changed, motion, announced):
    debate = read(changed(number="Dan stemmen we."), ("Mevrouw Smit (Geel)", motion()), announced(30, "Smit"))
    assert [(m.number, m.dossier, m.submitters, m.replaces) for m in debate.motions] == [
        (None, "37000", ("Smit",), 12),
        (30, "37000", ("Smit",), None),
    ]
