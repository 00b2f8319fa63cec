"""The minutes of an invented council, in the layout in which those of a real one come out of their PDF.

Lines are wrapped with a blank at their end, a page begins with a form feed and its number, inside of paragraphs too,
and there are no empty lines.
"""

import textwrap

_WIDTH = 88
_PAGE_LINES = 31

HEAD = """Vergadering
gemeenteraad Veldbrug
gehouden op
donderdag 7 maart 2030
(Geopend te 19.30 uur)
Voorzitter: de burgemeester, mr. J.P. van Loon
Griffier: drs. K. Vink
Agenda
A. Vaststelling agenda
B. De stad spreekt
C. Ingekomen stukken
D. Voorstel van het college inzake Nota Bruggen 2030 (VB1001)
E. Voorstel van het college inzake Verordening kades (VB1002)
F. Veiligheid op de markt"""

OPENING = """De voorzitter. Hierbij open ik de vergadering.
Presentielijst
Aanwezig zijn 5 leden: Bos (Groen), Van der Molen (SB), Kok-de Wit (Rood), El Idrissi (Rood) en De Haan (Blauw).
Afwezig: niemand
De voorzitter. Het vereiste aantal leden is er, dus we kunnen beginnen. Welkom, allemaal.
Aan de orde is:
A. Vaststelling agenda.
De voorzitter. Is er iemand die iets wil wijzigen?
Lotte de Haan (Blauw). Ik zou punt F graag naar voren halen.
De voorzitter. Daar is geen meerderheid voor.
De agenda wordt ongewijzigd vastgesteld."""

GUEST = (
    "Goedenavond. Ik woon al veertig jaar aan de Lange Vaart en ik heb drie bruggen zien komen en twee zien gaan. "
    "Wat mij opvalt, is dat niemand ons ooit vraagt welke brug wij missen. Toen de Boerenbrug werd gesloopt, moesten "
    "onze kinderen voortaan een kilometer omrijden, langs een weg waar vrachtwagens rijden. Daarover zijn brieven "
    "geschreven, er is een avond geweest in het buurthuis, en er is niets mee gedaan. Nu lees ik in de nota dat er "
    "geld is voor een nieuwe brug bij het station. Dat gun ik iedereen, maar begin dan eens waar het pijn doet, en "
    "dat is bij ons."
)
PUBLIC = f"""Aan de orde is:
B. De stad spreekt.
De voorzitter. Er heeft zich één inspreker gemeld, over de bruggen.
Mevrouw Van Vliet (D). {GUEST}
De voorzitter. Dank u wel.
Mevrouw Van Vliet. Graag gedaan, hoor.
(Applaus)
Aan de orde is:
C. Ingekomen stukken.
De raad beslist zoals hierna bij elk nummer staat.
1 Bewoners Lange Vaart inzake omrijden
Voor kennisgeving aannemen"""

SPEECH = (
    "Voorzitter. Groen is blij met de nota, want voor het eerst staat zwart op wit welke bruggen wanneer aan de beurt "
    "zijn. Toch missen wij iets. Wie te voet gaat of slecht ter been is, komt in het hele stuk niet voor, terwijl "
    "juist die mensen nu om moeten. Daarom vragen wij het college om bij elke brug een bankje te plaatsen, zodat je "
    "halverwege kunt uitrusten. Dat kost weinig, het is zo gedaan, en het maakt de zero-emissie-route naar het "
    "centrum voor iedereen bereikbaar."
)
MOTION = """Motie D.1 Groen Een bankje bij elke brug
De raad van de gemeente Veldbrug, in vergadering bijeen op 7 maart 2030, ter bespreking van de Nota Bruggen 2030,
Constaterende, dat:
▪ er bij de bruggen nergens een plek is om te zitten;
▪ de wandelroute naar het centrum lang is.
Verzoekt het college:
▪ bij elke brug een bankje te plaatsen;
▪ de raad daarover voor de zomer te berichten.
En gaat over tot de orde van de dag."""
AMENDMENTS = """Amendement E.A SB Geen paaltjes
De raad van de gemeente Veldbrug, in vergadering bijeen op 7 maart 2030,
Besluit om:
▪ artikel 4 te laten vervallen.
Amendement E.B SB Wel
verlichting
De raad van de gemeente Veldbrug, in vergadering bijeen op 7 maart 2030,
Besluit om:
▪ aan artikel 5 toe te voegen: de kades worden verlicht."""
ANSWER = (
    "Voorzitter. Dank voor de inbreng. De bankjes vind ik een goed idee, en wij kunnen daar dit jaar nog mee "
    "beginnen, want er ligt geld voor de inrichting van de oevers. Ik zeg er meteen bij dat het niet overal kan: bij "
    "de Smalle Brug is de stoep te krap. Over de kades hebben wij lang gesproken met de schippers, en die hebben "
    "liever licht dan paaltjes. Zo kom ik bij de amendementen. Het eerste ontraad ik, want zonder paaltjes rijden er "
    "weer auto's op de kade. Het tweede laat ik graag aan de raad."
)
ANNOUNCED = (
    "De voorzitter. Door mevrouw Bos, daartoe gesteund door mevrouw Kok en de heer El Idrissi, wordt de volgende motie "
    "(D.1 Groen) ingediend:"
)
ITEMS = f"""Aan de orde is:
D. Voorstel van het college inzake Nota Bruggen 2030 (VB1001).
E. Voorstel van het college inzake Verordening kades (VB1002).
De voorzitter. Deze punten nemen we samen.
De beraadslaging wordt geopend.
Anna Bos (Groen). {SPEECH}
Piet van der Molen (Stadsbelang). Wie betaalt die bankjes, mevrouw Bos?
Anna Bos (Groen). Dat kan uit de post voor de oevers.
De voorzitter. De laatste keer, meneer Van der Molen.
Piet van der Molen (Stadsbelang). Dan is die post dus leeg?
Mevrouw Bos (Groen). Nee.
{ANNOUNCED}
{MOTION}
De motie maakt onderdeel uit van de verdere beraadslaging.
Piet van der Molen (Stadsbelang). Voorzitter. Ik heb twee amendementen, over de paaltjes en over het licht.
De voorzitter. Door de heer Van der Molen worden de volgende amendementen (E.A SB en E.B SB) voorgesteld:
{AMENDMENTS}
De amendementen maken onderdeel uit van de verdere beraadslaging.
Wethouder Mulder (Rood). {ANSWER}
Sanne Kok-de Wit (Rood). Wanneer staat het eerste bankje er?
Wethouder Mulder (Rood). In mei.
De beraadslaging wordt geschorst.
De vergadering wordt van 20.30 uur tot 21.00 uur geschorst.
Voorzitter: mevrouw De Haan.
Aan de orde is:
F. Veiligheid op de markt.
De beraadslaging wordt geopend.
Youssef El Idrissi (Rood). Voorzitter. De markt is 's avonds donker. Wat doet de burgemeester daaraan?
De heer Van Loon. Voorzitter. Er komt licht, en de politie loopt er vaker langs.
De voorzitter. Motie F.1 Rood is in die zin gewijzigd, dat zij thans luidt:
Gewijzigde motie F.1 Rood Licht op de markt
De raad van de gemeente Veldbrug, in vergadering bijeen op 7 maart 2030,
Spreekt uit dat de markt verlicht moet worden.
En gaat over tot de orde van de dag.
Aangezien motie F.2 Rood is ingetrokken, maakt zij geen onderdeel meer uit van de beraadslaging.
De beraadslaging wordt gesloten.
Aan de orde is:
D. Voorstel van het college inzake Nota Bruggen 2030 (VB1001).
E. Voorstel van het college inzake Verordening kades (VB1002).
De beraadslaging wordt hervat.
Anna Bos (Groen). Voorzitter. Mei is prima.
De beraadslaging wordt gesloten."""

VOTES = """De vergadering wordt enkele ogenblikken geschorst.
De voorzitter. Dan gaan we stemmen.
- Gestaakte stemmen raadsvergadering 7 februari 2030.
In stemming komt motie D.1 SB.
De voorzitter. De motie wordt verworpen met 2 tegen 3 stemmen.
- Nota Bruggen 2030 (VB1001).
In stemming komt motie D.1 Groen.
De voorzitter. De motie wordt aangenomen met 3 tegen 2 stemmen.
Voor de motie hebben gestemd de leden Bos, El Idrissi en Kok.
Tegen de motie hebben gestemd de leden De Haan en Van der Molen.
In stemming komt het voorstel.
De voorzitter. Het voorstel wordt aangenomen met algemene stemmen.
- Verordening kades (VB1002).
In stemming komt amendement E.A SB.
De voorzitter. Aangezien 2 leden tegen en 2 leden voor het amendement hebben gestemd, staken de stemmen.
In stemming komt amendement E.B SB.
De voorzitter. Het amendement wordt aangenomen met algemene stemmen.
- Veiligheid op de markt.
In stemming komt de gewijzigde motie F.1 Rood.
De voorzitter. De gewijzigde motie wordt aangenomen met 4 stemmen tegen 1 stem.
Ik geef gelegenheid tot het afleggen van stemverklaringen.
Lotte de Haan (Blauw). Voorzitter. Wij hebben tegen motie D.1 gestemd, want een bank hoort in een park.
Piet van der Molen (Stadsbelang). Voorzitter. Dat geldt ook voor ons.
Niets meer aan de orde zijnde, sluit de voorzitter te 22.15 uur de vergadering."""

PARTS = (HEAD, OPENING, PUBLIC, ITEMS, VOTES)


def lay_out(*parts, end_of_page="\f{page}\n"):
    """Wrap the paragraphs of a text and put them on pages."""
    lines = []
    for paragraph in "\n".join(parts).split("\n"):
        wrapped = textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False, break_long_words=False)
        lines += [f"{line} " for line in wrapped[:-1]] + wrapped[-1:]
    text = "1\n"
    for number, line in enumerate(lines):
        if number and number % _PAGE_LINES == 0:
            text = text.removesuffix("\n") + end_of_page.format(page=number // _PAGE_LINES + 1)
        text += f"{line}\n"
    return text


def minutes(**options):
    """Return the minutes as they come out of the PDF."""
    return lay_out(*PARTS, **options).replace("zero-emissie", "zero\ufffeemissie")
