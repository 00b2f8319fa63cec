"""A folder of data sets with invented motions, their votes, and the table of turns of the debates they were read in."""

import json

PARTIES = ("Geel", "Paars", "Rood", "Groen")
MEMBERS = {"Aalbers": "Geel", "Bos": "Paars", "Cats": "Rood", "Dekker": "Groen"}
SUBJECTS = ("bruggen", "sluizen", "molens", "dijken", "veren", "havens", "tunnels", "kades", "stuwen", "gemalen")


def request_words(number, subject):
    return f"alle {subject} van gemeente{number} binnen termijn{number} door dienst{number} met verf{number}"


def motion_text(number, verb="verven", subject=None):
    subject = subject or SUBJECTS[number % len(SUBJECTS)]
    return (
        "De Kamer, gehoord de beraadslaging, "
        f"overwegende dat voorstel {number} over de {subject} van het land nu al jaren op een besluit ligt te wachten; "
        f"verzoekt de regering {request_words(number, subject)} te {verb}, "
        "en gaat over tot de orde van de dag."
    )


def voted_record(number, tabled, voted, sponsor="Aalbers", votes=None, **more):
    head = f"Kamerstukken\n37 210\n-\nV\nDe bruggen\nNr.\n{number}\nMOTIE VAN HET LID {sponsor.upper()}\n"
    text = motion_text(number).replace("; ", ";\n").replace(", overwegende", ",\noverwegende").replace(", en", ",\nen")
    party = MEMBERS[sponsor]
    cast = {name: "Voor" if name == party or (number + place) % 3 else "Tegen" for place, name in enumerate(PARTIES)}
    return {
        "zaak_id": f"zaak-{number:03d}",
        "date": tabled,
        "date_vote": voted,
        "title": f"Motie van het lid {sponsor} over de {SUBJECTS[number % len(SUBJECTS)]}",
        "text": f"{head}{text}\n{sponsor}",
        "sponsors": [[sponsor, party]],
        "kabinetsappreciatie": "Oordeel Kamer" if number % 2 else "Ontraden",
        "votes": cast if votes is None else votes,
    } | more


def voted_records(count=40):
    """Four motions a week of 2030, voted on a week later, the day of the next four."""
    names = list(MEMBERS)
    return [
        voted_record(
            number,
            f"2030-{1 + number // 16:02d}-{1 + 7 * (number // 4 % 4):02d}",
            f"2030-{1 + number // 16:02d}-{min(28, 8 + 7 * (number // 4 % 4)):02d}",
            names[number % 4],
        )
        for number in range(count)
    ]


def turns(title, numbers, *, date=None):
    """A debate in which every member speaks and reads the motions of theirs."""
    table = []
    for place, (name, party) in enumerate(MEMBERS.items()):
        chair = {"speaker": "De voorzitter", "role": "chair", "text": f"Het woord is aan {name}."}
        read = [motion_text(number) for number in numbers if number % 4 == place]
        said = (
            f"Voorzitter. Over de {SUBJECTS[place]} wil ik {'niets' if place % 2 else 'veel'} horen. Ik heb een motie."
        )
        own = {"speaker": name, "party": party, "role": "member", "text": " ".join([said, *read])}
        table += [{"debate": title} | ({"date": date} if date else {}) | turn for turn in (chair, own)]
    return table


def write_lines(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_data(folder, records=None, debates=None):
    """Write such a folder: forty motions, and by default two debates with four of them each."""
    import gzip

    motions = folder / "stance" / "moties.jsonl.gz"
    motions.parent.mkdir(parents=True)
    with gzip.open(motions, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in (voted_records() if records is None else records))
    place = folder / "debates" / "tk_likich" / "turns.jsonl.gz"
    place.parent.mkdir(parents=True)
    tables = debates if debates is not None else [turns("De molens", range(24, 28)), turns("De havens", range(32, 36))]
    with gzip.open(place, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(turn) + "\n" for table in tables for turn in table)
    return folder
