"""What the pages of many debates say by themselves, beside the words of a debate; `standpunt.page.words` reads it."""

from __future__ import annotations

SITE_WORDS: dict[str, tuple[str, str]] = {
    # the head
    "site_skip": ("Skip to the content", "Naar de inhoud"),
    "from_to": (", {first} to {last}", ", {first} tot en met {last}"),
    "in_one": (", {first}", ", {first}"),
    "all_debates": ("All debates", "Alle debatten"),
    "issues_head": ("Issues", "Kwesties"),
    "debates_head": ("Debates", "Debatten"),
    "table_of_debates": ("Table of debates", "Tabel van debatten"),
    "debates_n": ("{n} debates", "{n} debatten"),
    "debates_n:1": ("{n} debate", "{n} debat"),
    "parties_n": ("{n} parties", "{n} partijen"),
    "parties_n:1": ("{n} party", "{n} partij"),
    "classified": ("{n} turns read", "{n} beurten gelezen"),
    "often_note": (
        "An issue is here if at least {turns} in at least {debates} take a stance on it. The other {n} come up "
        "too rarely: their intervals would say next to nothing.",
        "Een kwestie staat hier als ten minste {turns} in ten minste {debates} erover gaan. De andere "
        "{n} komen te weinig voor: hun intervallen zouden bijna niets zeggen.",
    ),
    "chosen_note": (
        "Only the issues that were chosen are here; the predictions have {n} more.",
        "Alleen de gekozen kwesties staan hier; de voorspellingen hebben er nog {n}.",
    ),
    # search
    "search_all": ("Search issues, parties, debates, passages", "Zoek kwesties, partijen, debatten, passages"),
    "found": ("{n} found", "{n} gevonden"),
    "found_more": ("{n} found, the first {shown} are shown", "{n} gevonden, de eerste {shown} staan hier"),
    "found_nothing": ("Nothing has all of these words.", "Niets heeft al deze woorden."),
    "results": ("Search results", "Zoekresultaten"),
    "passages_head": ("Passages", "Passages"),
    # the map
    "how_to_read": ("How to read this", "Hoe dit te lezen"),
    "many_map_note": (
        "A row is an issue, a column a party. The course on the left is that of all parties together. Larger signs "
        "are more certain, fainter ones closer to mixed; the bar below is the 95 % interval. Choose an issue, a party "
        "or a cell for its course and its passages.",
        "Een rij is een kwestie, een kolom een partij. Het verloop links is dat van alle partijen samen. Hoe groter "
        "het teken, hoe zekerder; hoe lichter, hoe dichter bij gemengd; de balk eronder is het 95 %-interval. Kies een "
        "kwestie, een partij of een cel voor het verloop en de passages.",
    ),
    "interval_note": (
        "Intervals resample debates and speakers: each resample draws as many debates as the cell has, and "
        "independently as many speakers; a turn counts as often as its debate was drawn times its speaker was. One "
        "more debate with an unknown stance keeps a few debates that agree from looking certain. The errors of the "
        "machine are not in the intervals.",
        "De intervallen trekken debatten en sprekers opnieuw: elke trekking neemt zoveel debatten als de cel heeft en, "
        "onafhankelijk daarvan, zoveel sprekers; een beurt telt zo vaak als zijn debat is getrokken maal zijn spreker. "
        "Eén extra debat met een onbekend standpunt zorgt dat een paar debatten die het eens zijn niet zeker lijken. "
        "De fouten van de machine zitten niet in de intervallen.",
    ),
    "over_time": ("Over time", "In de tijd"),
    "no_time": (
        "No debate has a date, so there is no course over time (standpunt predict --date gives one).",
        "Geen debat heeft een datum, dus is er geen verloop in de tijd (standpunt predict --date geeft er een).",
    ),
    "time_note": (
        "The line is the position, the band its 95 % interval; larger signs have more turns behind them.",
        "De lijn is de positie, de band het 95 %-interval; achter grotere tekens zitten meer beurten.",
    ),
    "all_parties": ("All together", "Allen samen"),
    "by_party_head": ("By party", "Per partij"),
    "the_numbers": ("The numbers", "De cijfers"),
    "all_time": ("all", "alles"),
    "period": ("period", "periode"),
    "party": ("party", "partij"),
    "position": ("position", "positie"),
    "interval": ("95 % interval", "95 %-interval"),
    "speakers_low": ("speakers", "sprekers"),
    "debates_low": ("debates", "debatten"),
    "date": ("date", "datum"),
    "title": ("title", "titel"),
    "stances_head": ("stances", "standpunten"),
    "mostly_on": ("mostly on", "vooral over"),
    "undated": ("no date", "geen datum"),
    "point": (
        "{period}: {value}, interval {low} to {high}, {turns}",
        "{period}: {value}, interval {low} tot {high}, {turns}",
    ),
    "behind": ("{turns} in {debates} by {speakers}", "{turns} in {debates} van {speakers}"),
    # passages
    "strongest": ("Strongest passages", "Sterkste passages"),
    "strongest_note": (
        "The passages of which the machine is surest, one of a speaker and a debate.",
        "De passages waarvan de machine het zekerst is, één per spreker en debat.",
    ),
    "none_here": ("None.", "Geen."),
    "no_passages": (
        "The predictions do not say which passage a stance rests on; standpunt predict --evidence does.",
        "De voorspellingen zeggen niet op welke passage een standpunt berust; standpunt predict --evidence wel.",
    ),
    "sure": ("{share} % sure", "{share} % zeker"),
    # parties
    "nothing_clear": (
        "No position is clear: the interval holds zero, or the issue is not to be trusted.",
        "Geen positie is duidelijk: het interval bevat nul, of de kwestie is niet te vertrouwen.",
    ),
    "no_stances": ("No turn takes a stance.", "Geen beurt neemt een standpunt in."),
    # a debate
    "in_debate_note": (
        "The mean of a party's turns in this debate, with their number; a single debate gives no interval of others. "
        "standpunt report makes a page with the text of one debate.",
        "Het gemiddelde van de beurten van een partij in dit debat, met hun aantal; één debat geeft geen interval voor "
        "andere. standpunt report maakt een pagina met de tekst van een debat.",
    ),
    "through_debate": ("Through the debate", "In de loop van het debat"),
    "through_note": (
        "A tick a turn: up in favor, down against, a dot neutral; the line is the mean of seven turns on the issue.",
        "Elke beurt een streepje: omhoog voor, omlaag tegen, een punt neutraal; de lijn is het gemiddelde van zeven "
        "beurten over de kwestie.",
    ),
    "site_footer": (
        "Made by standpunt {version}. Stances are predictions of a model, not facts about a speaker.",
        "Gemaakt met standpunt {version}. Standpunten zijn voorspellingen van een model, geen feiten over een spreker.",
    ),
}
