"""What the page of a debate says by itself, in English and in Dutch; `standpunt.page.words` reads it."""

from __future__ import annotations

DEBATE_WORDS: dict[str, tuple[str, str]] = {
    # the head
    "skip": ("Skip to the debate", "Naar het debat"),
    "debate_title": ("Debate", "Debat"),
    "turns": ("{n} turns", "{n} beurten"),
    "turns:1": ("{n} turn", "{n} beurt"),
    "speakers_n": ("{n} speakers", "{n} sprekers"),
    "speakers_n:1": ("{n} speaker", "{n} spreker"),
    "motions_n": ("{n} motions", "{n} moties"),
    "motions_n:1": ("{n} motion", "{n} motie"),
    "stances_n": ("{n} stances", "{n} standpunten"),
    "stances_n:1": ("{n} stance", "{n} standpunt"),
    "on_issues": ("on {n} issues", "over {n} kwesties"),
    "on_issues:1": ("on {n} issue", "over {n} kwestie"),
    "sections": ("Sections", "Onderdelen"),
    "map": ("Map", "Kaart"),
    "course": ("Course", "Verloop"),
    "replies": ("Replies", "Antwoorden"),
    "motions": ("Motions", "Moties"),
    "run": ("Run", "Run"),
    "debate": ("Debate", "Debat"),
    # where the stances come from
    "of_layer": ("Layer {annotator} of {place}", "Laag {annotator} van {place}"),
    "others_differ": (
        "; a stance is disputed where it and {others} differ",
        "; een standpunt is betwist waar deze laag en {others} verschillen",
    ),
    "arguments_by": ("; arguments by {annotator}, {coverage}", "; argumenten door {annotator}, {coverage}"),
    "coverage": (
        "annotated in {n} of {of} turns, the chair's aside",
        "geannoteerd in {n} van {of} beurten, die van de voorzitter niet meegerekend",
    ),
    "share_annotators": ("the share of annotators who say so", "het aandeel annotatoren dat dit zegt"),
    "probability": ("the probability the model gives it", "de kans die het model eraan geeft"),
    "of_run": (
        "Run {run}: predictions of {model} on {place}; a stance is disputed where model and annotators differ; "
        "evidence and arguments are the annotators'{covered}.",
        "Run {run}: voorspellingen van {model} over {place}; een standpunt is betwist waar model en annotatoren "
        "verschillen; passages en argumenten zijn van de annotatoren{covered}.",
    ),
    "of_predictions": ("Predictions in {file}. Model: {model}.", "Voorspellingen in {file}. Model: {model}."),
    "model_unknown": ("unknown; name it with --model", "onbekend; noem het met --model"),
    "model_line": (
        "{name} ({family}), trained for task {task} on {corpora}; macro-F1 by its card: {scores}",
        "{name} ({family}), getraind voor taak {task} op {corpora}; macro-F1 volgens zijn kaart: {scores}",
    ),
    "text_of_rows": (
        "The text is what the predictions hold: turns without a row, such as the chair's, are not shown.",
        "De tekst is wat de voorspellingen bevatten: beurten zonder rij, zoals die van de voorzitter, ontbreken.",
    ),
    "corpora_unknown": ("what it does not say", "wat het niet zegt"),
    "no_scores": ("none is given", "niet vermeld"),
    "all_addressed": (
        "The model cannot tell whether a turn addresses an issue, so every turn is shown with a stance on every issue; "
        "a model trained for task stance_joint can.",
        "Het model kan niet zien of een beurt over een kwestie gaat; daarom staat elke beurt er met een standpunt over "
        "elke kwestie. Een model dat voor taak stance_joint is getraind, kan het wel.",
    ),
    "abstains": (
        "The model abstains on {n} of {of} pairs of a turn and an issue; they are left out.",
        "Het model onthoudt zich bij {n} van {of} paren van een beurt en een kwestie; die zijn weggelaten.",
    ),
    "not_trained_on": (
        "The model was not trained on {issues}; it goes by what it learnt from other issues.",
        "Het model is niet getraind op {issues}; het gaat af op wat het van andere kwesties heeft geleerd.",
    ),
    # how far a machine can be trusted
    "machine_made": (
        "A machine made this, not people: {model} read each turn and chose a stance on each issue.",
        "Dit is gemaakt door een machine, niet door mensen: {model} las elke beurt en koos een standpunt over elke "
        "kwestie.",
    ),
    "a_model": ("a model that is not named", "een model dat niet genoemd is"),
    "the_model": ("the model {name}", "het model {name}"),
    "right_known": (
        "Of {of} turns of a real debate ({corpora}) that take a stance by the labels of annotators, it found {right} "
        "and put them on the right side ({share} %). Of {shown} stances that it gave there, {wrong} were wrong: the "
        "other side, or a turn that takes none. It was not trained on that debate; the labels only served to count.",
        "Van {of} beurten uit een echt debat ({corpora}) waarin volgens annotatoren een standpunt wordt ingenomen, "
        "vond het er {right} en zette die aan de goede kant ({share} %). Van de {shown} standpunten die het daar gaf, "
        "waren er {wrong} fout: de andere kant, of een beurt die er geen inneemt. Op dat debat is het niet "
        "getraind; de labels dienden alleen om te tellen.",
    ),
    "right_new": (
        "On issues that it was not trained on it is right in {right} of {of} ({share} %; {debates} debates of "
        "{corpora}{cross_validated}); of {shown} stances that it gave there, {wrong} were wrong.",
        "Over kwesties waarop het niet getraind is, heeft het gelijk in {right} van {of} ({share} %; {debates} "
        "debatten van {corpora}{cross_validated}); van de {shown} standpunten die het daar gaf, waren er {wrong} fout.",
    ),
    "cross_validated": (
        ", by models with the same settings, each trained without the debates that it was asked about",
        ", door modellen met dezelfde instellingen, elk getraind zonder de debatten waarover het is gevraagd",
    ),
    "right_here": (
        "Held against the labels of {labels} for this very debate, it found {right} of {of} turns that take a stance "
        "and put them on the right side ({share} %); of {shown} stances that it gave, {wrong} were wrong. These "
        "figures mark the issues below.",
        "Naast de labels van {labels} voor ditzelfde debat gelegd: van {of} beurten met een standpunt vond het er "
        "{right} en zette die aan de goede kant ({share} %); van de {shown} standpunten die het gaf, waren er {wrong} "
        "fout. Deze cijfers staan bij de kwesties hieronder.",
    ),
    "labels_half": (
        "The labels given for this debate look half filled: {labelled} of {turns} turns have one. A turn without a "
        "label counts as one without a stance: a stance that the model gives there is counted as wrong.",
        "De labels die voor dit debat zijn gegeven lijken niet af: {labelled} van {turns} beurten hebben er een. Een "
        "beurt zonder label telt als een zonder standpunt: een standpunt dat het model daar geeft, telt als fout.",
    ),
    "labels_unknown": (
        "The model is not named, so nothing tells whether it was trained on these labels; if it was, it looks better "
        "than it is.",
        "Het model is niet genoemd, dus is niet te zeggen of het op deze labels is getraind; zo ja, dan lijkt het "
        "beter dan het is.",
    ),
    "right_file": (
        "By the file of predictions, the model had {right} of {of} labelled turns of real debates right on the issues "
        "of this page ({share} %).",
        "Volgens het bestand met voorspellingen had het model over de kwesties van deze pagina {right} van {of} "
        "gelabelde beurten uit echte debatten goed ({share} %).",
    ),
    "trust_file": (
        "By the file of predictions, the model had {right} of {of} labelled turns on this issue right (95 % "
        "interval: {low} to {high} %).",
        "Volgens het bestand met voorspellingen had het model {right} van {of} gelabelde beurten over deze kwestie "
        "goed (95 %-interval: {low} tot {high} %).",
    ),
    "not_measured_at_all": (
        "Nothing says how often it is right: name the model with --model, or give labels of this debate with --labels.",
        "Niets zegt hoe vaak het gelijk heeft: noem het model met --model, of geef labels van dit debat met --labels.",
    ),
    "no_measurement": (
        "Nothing was counted with this model on real debates, so nothing says how often it is right.",
        "Met dit model is niets geteld op echte debatten, dus niets zegt hoe vaak het gelijk heeft.",
    ),
    "so_here": ("Of the {n} issues on this page, {parts}.", "Van de {n} kwesties op deze pagina: {parts}."),
    "n_usable": ("{n} can be used", "{n} bruikbaar"),
    "n_hint": ("{n} give a hint", "{n} een aanwijzing"),
    "n_hint:1": ("{n} gives a hint", "{n} een aanwijzing"),
    "n_untrusted": ("{n} are not to be trusted", "{n} niet te vertrouwen"),
    "n_untrusted:1": ("{n} is not to be trusted", "{n} niet te vertrouwen"),
    "n_unmeasured": ("{n} were not measured", "{n} niet gemeten"),
    "n_unmeasured:1": ("{n} was not measured", "{n} niet gemeten"),
    "usable": ("can be used", "bruikbaar"),
    "hint": ("a hint", "een aanwijzing"),
    "untrusted": ("not to be trusted", "niet te vertrouwen"),
    "unmeasured": ("not measured", "niet gemeten"),
    "right_of": ("{right} of {of} right", "{right} van {of} goed"),
    "trust_title": (
        "By the labels, {of} turns of {corpora} take a stance on this issue; it got {right} right (95 % interval: "
        "{low} to {high} %). It gave {shown} stances on it. Always giving the commonest answer would get {commonest} "
        "right.{cross_validated}",
        "Volgens de labels nemen {of} beurten van {corpora} hierover een standpunt in; het had er {right} goed "
        "(95 %-interval: {low} tot {high} %). Het gaf er {shown} standpunten over. Wie altijd het gewoonste antwoord "
        "geeft, heeft er {commonest} goed.{cross_validated}",
    ),
    "trust_cross_validated": (
        " Counted with models that were trained without this issue.",
        " Geteld met modellen die zonder deze kwestie zijn getraind.",
    ),
    "trust_none": (
        "Nothing was counted on this issue.",
        "Over deze kwestie is niets geteld.",
    ),
    "trust_rule": (
        "How an issue is marked: ✓ where at least three of four labelled turns are right, surely more than half, and "
        "more than half of the stances given; ✗ where fewer than half of either are right; ? in between; – where "
        "nothing was counted. A position is a vote of few turns: with three of four right, a majority of three turns "
        "is right in 84 of 100 cases and one of five in 90; with fewer than half right, more turns only make a wrong "
        "majority more likely.",
        "Zo wordt een kwestie gemerkt: ✓ waar ten minste drie van vier gelabelde beurten goed zijn, met zekerheid meer "
        "dan de helft, en meer dan de helft van de gegeven standpunten; ✗ waar van een van beide minder dan de helft "
        "goed is; ? daartussen; – waar niets geteld is. Een positie is een stemming van weinig beurten: zijn er drie "
        "van vier goed, dan is een meerderheid van drie beurten in 84 van 100 gevallen goed en een van vijf in 90; is "
        "minder dan de helft goed, dan maken meer beurten een foute meerderheid alleen waarschijnlijker.",
    ),
    # the map
    "who_where": ("Who stands where", "Wie staat waar"),
    "rows_by": ("Columns of the map", "Kolommen van de kaart"),
    "parties": ("Parties", "Partijen"),
    "speakers": ("Speakers", "Sprekers"),
    "download_csv": ("Map as CSV", "Kaart als CSV"),
    "download_png": ("Map as PNG", "Kaart als PNG"),
    "legend": ("Legend", "Legenda"),
    "favor": ("in favor", "voor"),
    "against": ("against", "tegen"),
    "neutral": ("neutral", "neutraal"),
    "mixed": ("mixed", "gemengd"),
    "neutral_or_mixed": ("neutral or mixed", "neutraal of gemengd"),
    "single": ("a single turn", "één beurt"),
    "not_addressed": ("not addressed", "niet besproken"),
    "model_differs": ("model and annotators differ", "model en annotatoren verschillen"),
    "annotators_differ": ("annotators differ", "annotatoren verschillen"),
    "map_note": (
        "The fainter, the closer to mixed; the larger, the more certain. The bar below is the 95 % interval on the "
        "scale from against to in favor, by resampling turns and their labels. Choose a cell for the evidence.",
        "Hoe lichter, hoe dichter bij gemengd; hoe groter, hoe zekerder. De balk eronder is het 95 %-interval op de "
        "schaal van tegen naar voor, door beurten en hun labels opnieuw te trekken. Kies een cel voor de passages.",
    ),
    "map_by_party": ("Stance map by party", "Standpuntenkaart per partij"),
    "map_by_speaker": ("Stance map by speaker", "Standpuntenkaart per spreker"),
    "cabinet": ("cabinet", "kabinet"),
    "cell": (
        "{holder} on {issue}: {side}, {value}, interval {low} to {high}, {turns}{disputed}{trust}",
        "{holder} over {issue}: {side}, {value}, interval {low} tot {high}, {turns}{disputed}{trust}",
    ),
    "cell_disputed": (", {n} disputed", ", {n} betwist"),
    "cell_trust": ("; this issue: {level}", "; deze kwestie: {level}"),
    "panel": ("Evidence of the chosen cell", "Passages bij de gekozen cel"),
    "panel_hint": (
        "Choose a cell of the map to read what it rests on.",
        "Kies een cel van de kaart om te lezen waarop zij berust.",
    ),
    "show_turns": ("Show these turns", "Toon deze beurten"),
    "turn": ("Turn {n}", "Beurt {n}"),
    "turn_low": ("turn {n}", "beurt {n}"),
    # the course
    "course_title": ("Stance over the course of the debate", "Standpunten in de loop van het debat"),
    "course_note": (
        "A tick a turn: up in favor, down against, a dot neutral; the line is the mean of seven turns on the issue. "
        "Choose a tick to read the turn; with the keyboard, arrows go from tick to tick.",
        "Elke beurt een streepje: omhoog voor, omlaag tegen, een punt neutraal; de lijn is het gemiddelde van zeven "
        "beurten over de kwestie. Kies een streepje om de beurt te lezen; met het toetsenbord gaan pijltjes van "
        "streepje naar streepje.",
    ),
    "term": ("term {n}", "termijn {n}"),
    # replies
    "who_answers": ("Who answers whom", "Wie antwoordt wie"),
    "replies_note": (
        "Turns that answer a turn of another. Where both address the same issue: do they take the same side? Open is "
        "where one of the two is neutral.",
        "Beurten die een beurt van een ander beantwoorden. Waar beide over dezelfde kwestie gaan: staan ze aan "
        "dezelfde kant? Open is waar een van de twee neutraal is.",
    ),
    "who": ("who", "wie"),
    "answers": ("answers", "antwoordt"),
    "turns_head": ("turns", "beurten"),
    "same_side": ("same side", "zelfde kant"),
    "opposite": ("opposite", "tegenover"),
    "open": ("open", "open"),
    "share": ("share", "aandeel"),
    "opposite_on": ("opposite on", "tegenover bij"),
    # motions
    "motions_note": (
        "≠ marks a party whose turns, motions left out, let expect another vote than it cast.",
        "≠ staat bij een partij van wie de beurten, moties niet meegerekend, een andere stem doen verwachten.",
    ),
    "number": ("No. {n}", "Nr. {n}"),
    "no_number": ("Without a number", "Zonder nummer"),
    "read_in": ("read in turn {n}", "voorgelezen in beurt {n}"),
    "advice": ("advice", "advies"),
    "no_advice": ("no advice", "geen advies"),
    "votes_differ": (
        "{party} votes {vote}; its turns on {issue} let expect a vote {stance} ({value})",
        "{party} stemt {vote}; de eigen beurten over {issue} doen een stem {stance} verwachten ({value})",
    ),
    "vote_favor": ("for", "voor"),
    "vote_against": ("against", "tegen"),
    # the run
    "the_run": ("The run", "De run"),
    "on_this_debate": ("{title} on this debate", "{title} op dit debat"),
    "calibration": ("Calibration", "Kalibratie"),
    "calibration_x": ("probability of the answer", "kans van het antwoord"),
    "calibration_y": ("share right", "aandeel goed"),
    "risk": ("Risk and coverage", "Risico en dekking"),
    "risk_x": ("share of rows answered, surest first", "aandeel beantwoord, zekerste eerst"),
    "risk_y": ("share wrong", "aandeel fout"),
    # the text
    "the_debate": ("The debate", "Het debat"),
    "marked": (
        "Marked text is evidence; in the margin stands what for, with {percentage} where that is below 100 %.",
        "Gemarkeerde tekst is een passage waarop een standpunt berust; in de marge staat welk, met {percentage} waar "
        "die onder 100 % ligt.",
    ),
    "margin": (
        "In the margin stand the stances of a turn, with {percentage} where that is below 100 %.",
        "In de marge staan de standpunten van een beurt, met {percentage} waar die onder 100 % ligt.",
    ),
    "several": (
        "What is evidence for several stances is grey until one of their issues is chosen.",
        "Een passage bij meer standpunten is grijs totdat een van hun kwesties is gekozen.",
    ),
    "underlined": (
        "Underlined are arguments: claims, and with dots premises, under the frame they appeal to.",
        "Onderstreept zijn argumenten: stellingen, en met puntjes onderbouwingen, onder het kader waarop zij zich "
        "beroepen.",
    ),
    "filter": ("Filter the turns", "Beurten filteren"),
    "search": ("Search in the turns", "Zoek in de beurten"),
    "search_text": ("Search the text", "Zoek in de tekst"),
    "issue": ("Issue", "Kwestie"),
    "all_issues": ("all issues", "alle kwesties"),
    "who_label": ("Who", "Wie"),
    "everyone": ("everyone", "iedereen"),
    "stance": ("Stance", "Standpunt"),
    "any_stance": ("any stance", "elk standpunt"),
    "disputed": ("disputed", "betwist"),
    "kind": ("Kind", "Soort"),
    "all_kinds": ("all kinds", "alle soorten"),
    "arguments": ("arguments", "argumenten"),
    "clear": ("Clear", "Wissen"),
    "some_turns": ("{n} of {of} turns", "{n} van {of} beurten"),
    "link": ("Link to this turn", "Link naar deze beurt"),
    "answers_who": ("answers {name}, {n}", "antwoordt {name}, {n}"),
    "has_floor": ("{name} has the floor", "{name} heeft het woord"),
    "stances": ("Stances", "Standpunten"),
    "nothing": ("No turn has all of that. Clear a filter.", "Geen beurt heeft dat alles. Wis een filter."),
    "attacks": (", attacks", ", bestrijdt"),
    "footer": (
        "Made by standpunt {version}. Stances and arguments are labels of annotators or predictions of a model, not "
        "facts about a speaker.",
        "Gemaakt met standpunt {version}. Standpunten en argumenten zijn labels van annotatoren of voorspellingen van "
        "een model, geen feiten over een spreker.",
    ),
    # kinds of turns and roles
    "speech": ("speech", "inbreng"),
    "interruption": ("interruption", "interruptie"),
    "reply": ("reply", "antwoord"),
    "motion": ("motion", "motie"),
    "chair": ("chair", "voorzitter"),
    "procedural": ("procedural", "orde"),
    "minister": ("minister", "minister"),
    "state secretary": ("state secretary", "staatssecretaris"),
    "guest": ("guest", "gast"),
    # components and frames
    "claim": ("claim", "stelling"),
    "premise": ("premise", "onderbouwing"),
    "economic": ("economic", "economie"),
    "capacity": ("capacity", "capaciteit"),
    "morality": ("morality", "moraal"),
    "fairness": ("fairness", "rechtvaardigheid"),
    "legality": ("legality", "recht"),
    "policy": ("policy", "beleid"),
    "crime": ("crime", "misdaad"),
    "security": ("security", "veiligheid"),
    "health": ("health", "gezondheid"),
    "quality_of_life": ("quality of life", "leefkwaliteit"),
    "cultural_identity": ("cultural identity", "culturele identiteit"),
    "public_opinion": ("public opinion", "publieke opinie"),
    "political": ("political", "politiek"),
    "external": ("external", "buitenland"),
    "other": ("other", "overig"),
}
