"""Stage directions, and how motions begin and end, as printed reports of the Tweede Kamer have them."""

from __future__ import annotations

import re

from standpunt.text.letters import CAPITAL

MORE_LINES = r"(?:\n *\S[^\n\f]*)*"  # of a paragraph, on its page
_SITTING = r"De (?:vergadering|(?:algemene )?beraadslaging) wordt"
_UNTIL = r"(?:[^.\n]|\.(?=\d)|\n(?! *\n)){0,200}?"
_REACTION = r"\((?:applaus|geroffel|gelach|hilariteit|rumoer)[^)\n]*\)\.?"
# A line of the report that nobody speaks or that opens a motion; the groups but "motion" are named like kinds of notes.
STAGE_DIRECTION = re.compile(
    r"(?:"
    rf"(?P<suspension>{_SITTING}{_UNTIL}geschorst\.)"
    rf"|(?P<resumption>{_SITTING} (?:hervat|heropend)\.)"
    rf"|(?P<opening>{_SITTING} (?:te [^\n]+ )?geopend\.|Aanvang \d+[.:]\d\d uur\.?)"
    rf"|(?P<closing>{_SITTING} (?:te [^\n]+ )?gesloten\.|Sluiting \d+[.:]\d\d uur\.?)"
    rf"|(?P<vote>In stemming komt [^\n\f]+{MORE_LINES})"
    rf"|(?P<reaction>{_REACTION})"
    rf"|(?P<heading>Motie|Aan de orde (?:is|zijn) [^\n\f]+{MORE_LINES})"
    r"|(?P<motion>De Kamer,)"
    r")(?= *(?:\f|$))",
    re.MULTILINE | re.IGNORECASE,
)
# Where one may begin; looked for from the first blank only, since from each of a long run it would take for ever.
MAYBE_DIRECTION = re.compile(r"(?<![ \n\f]) *+[\n\f][ \n\f]*+(?=De [Kvba]|Aan|In s|Motie|MOTIE|Sluiting|\()")
MOTION_END = re.compile(r"(?:^|\f)[ \f]*en gaat over tot de orde van de\s+dag[.,;]?", re.MULTILINE | re.IGNORECASE)

# The same inside running text.
DIRECTION_WITHIN = re.compile(
    rf"{_SITTING}{_UNTIL}(?:geschorst|hervat|heropend|geopend|gesloten)\.|(?i:{_REACTION})"
    r"|(?:Aanvang|Sluiting) \d+[.:]\d\d uur\.?"
    rf"|In stemming komt (?:[^.\n]|\.(?!\s+{CAPITAL}|\s*\Z)){{1,400}}\."
)
_CONSIDERS = r"gehoord|constaterend|constaterende|overwegend|overwegende|van (?:mening|oordeel)|in overweging"
_ASKS = (
    r"(?:verzoekt|verzoeken|roept|draagt|nodigt|dringt|keurt|wijst|spreekt)\s+(?:de|het|uit|zijn|haar|alle|af|op|er)"
)
_BEGINS = rf"(?:{_CONSIDERS}|{_ASKS})\b"
_OR_ELSE = r"(?:gelezen|gezien|gelet|kennisgenomen|voorts|tevens)\b"  # begin a motion, or follow a semicolon
MOTION_WITHIN = re.compile(rf"(?:(?P<title>\bMotie\s*)|\b)De Kamer,\s*(?=(?:{_BEGINS}|{_OR_ELSE}))")
CLAUSE_WITHIN = re.compile(rf"(?<=[,;:.])\s*(?=(?:{_BEGINS}|en gaat over tot de orde\b))|(?<=;)\s*(?=(?:{_OR_ELSE}))")
MOTION_END_WITHIN = re.compile(r"en gaat over tot de orde van de\s+dag[.,;]?", re.IGNORECASE)
