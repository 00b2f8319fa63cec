"""The words by which chairs give the floor and speakers take it, a language at a time.

No report says in which language it is, and the chair of a bilingual chamber changes it between two sentences. So all
languages are looked for at once, and what is listed for one must mean nothing in another (English "brief" is a letter
in Dutch). The Dutch cues are measured on real debates. The French ones are tried on one sitting of the Belgian Chamber,
whose report leaves out most calls, the English and German ones on invented sentences only.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from standpunt.text.letters import CAPITAL


class Cues(NamedTuple):
    """What is said in one language; patterns for text in small letters unless said otherwise.

    Attributes:
        titles: what stands before a name.
        minister: what the chair calls a minister.
        state_secretary: what the chair calls a state secretary.
        office: a minister or state secretary called by the office.
        first: what may stand before a call.
        gives: the chair gives the floor: "I give the floor to", "the next speaker is", "your own term".
        gives_words: one of these stands in all that `gives` describes.
        briefly: what follows a name with a comma and is no party: "Mr A, briefly".
        party: what stands between a name and a party: "Mr A of the ...".
        interrupts_words: words of a chair who lets somebody interrupt.
        interrupts: somebody, named or not, may interrupt.
        question: the floor is not given yet: "first a question from".
        term: parts of words, one of which stands in every sentence about terms.
        first_term: the first term of the members begins.
        second_term: the second one, or the next.
        third_term: the third one.
        not_now: what is said of a later term that does not begin now, or of the cabinet's part in it.
        order: a point of order, as it begins; words, not patterns.
        chair: an address to the chair.
        others: an address to others who are present.
        thanks: what may stand before an address.
    """

    titles: tuple[str, ...]
    minister: str
    state_secretary: str
    office: str
    first: str
    gives: tuple[str, ...]
    gives_words: str
    briefly: str
    party: str
    interrupts_words: str
    interrupts: str
    question: str
    term: str
    first_term: str
    second_term: str
    third_term: str
    not_now: str
    order: tuple[str, ...]
    chair: str
    others: str
    thanks: str


_DUTCH = Cues(
    titles=("de heer", "meneer", "mijnheer", "mevrouw", "collega", "het lid", "minister", "staatssecretaris")
    + ("wethouder", "burgemeester"),
    minister=r"(?:eerste)?minister|premier(?! orat| interv| tour)|kabinet",  # not "le premier orateur"
    state_secretary=r"staatssecretaris|kabinet",
    office=r"(?:de|het) (?:(?:eerste)?minister(?:-president)?|staatssecretaris|premier|wethouder|burgemeester|college)",
    first=r"nu|dan|en|allereerst|vervolgens|tot slot",
    gives=(
        r"woord (?:is |gaat |geef ik |dan )?(?:graag |nu |weer |dan |eerst )*(?:aan|voor)\b",
        r"geef (?:ik )?(?:\w+ ){0,4}het woord",
        r"(?:volgende|eerste|tweede|derde|laatste) spreker",
        r"(?:gaan|kunnen) we (?:\w+ ){0,3}(?:luisteren )?naar\b",
        r"(?:ga|gaan|kom|komen) (?:ik|we|wij) (?:\w+ ){0,3}(?:bij|toe aan)\b",
        r"nodig (?:ik )?(?:\w+ ){0,3}uit",
        r"stokje over aan",
        r"aan de beurt",
        r"(?:ten slotte|tot slot) (?:is )?(?:het woord|de heer|mevrouw|de minister|de staatssecretaris)",
        r"luisteren naar",
        r"spreekgestoelte",
        r"gaat (?:namens|spreken namens)|\bnamens (?:de|zijn|haar) fractie",
        r"\buw (?:eigen )?(?:eerste |tweede )?termijn",
        r"zijde van de kamer",
    ),
    gives_words="woord spreker naar bij toe uit stokje beurt slotte luisteren spreekgestoelte namens termijn zijde",
    briefly=r"kort|graag|u\b|gaat|aan\b|heel|nog|ga\b|afrond|tot slot",
    party=r"van|namens",
    interrupts_words="vraag vragen interruptie interrumpeert interrumperen kort korte afrondend afronding reageert"
    " reageren reactie opmerking microfoon interruptiemicrofoon vervolg vervolgvraag keer herkansing",
    interrupts=r"\binterruptie\b| een vraag",
    question=r"\binterruptie[^,]*$|\bvraag van\b",
    term="termijn pliek",
    first_term=r"\bbegin\w* (?:\w+ ){0,3}(?:aan|met) de (?:eerste )?termijn\b"
    r"(?! van (?:het kabinet|de regering|het college))"
    r"|\b(?:gaan|komen|gekomen|over|door) (?:\w+ ){0,3}(?:naar|bij|aan|tot) de eerste termijn van (?:de \w+ van )?de"
    r" (?:kamer|raad)",
    second_term=r"(?:tweede|volgende) termijn|re- en dupliek|repliek",
    third_term=r"derde termijn",
    not_now=r"\b(?:antwoord\w*|vra(?:ag|gen)|krijgt?|terug\w*|moties?)\b.*\b(?:in|uit) (?:de )?\w+ termijn"
    r"|\bkomt? (?:\w+ ){0,3}in (?:de )?\w+ termijn|\bin (?:de )?\w+ termijn (?:\w+ ){0,3}(?:terug|antwoord|beantwoord)"
    r"|^\W*in (?:de )?\w+ termijn\W*$|\bbeantwoording (?:in|van) (?:de )?\w+ termijn"
    r"|\b(?:minister|staatssecretaris|kabinet|regering|wethouder|college) (?:voor|in) (?:(?:zijn|haar|de) )?\w+ termijn"
    r"|\btermijn van (?:de \w+ van )?(?:het (?:kabinet|college)|de (?:minister|staatssecretaris|regering|wethouder))"
    r"|\bgeen behoefte\b",
    order=("punt van orde", "ordevoorstel"),
    chair=r"(?:(?:meneer|mijnheer|mevrouw) de )?(?:,\s*)?voorzitter",
    # "Mevrouw Bos, ...", but not "Mevrouw Bos zegt ..."
    others=r"(?:(?:mijnheer|meneer|mevrouw|de heer)(?=(?: [^\s,.?!]+){1,4}[,.!])|geachte|beste|waarde|dames en heren"
    r"|collega['’]?s)",
    thanks=r"(?:heel )?(?:dank|bedankt)",
)
_FRENCH = Cues(
    titles=("m", "mm", "mme", "mmes", "mlle", "monsieur", "madame", "collègue"),
    minister=r"ministre|gouvernement",
    state_secretary=r"secrétaire d['’]état|gouvernement",
    office=r"(?:monsieur |madame |m |mme )?l[ea] (?:vice-)?(?:premi(?:er|ère) )?(?:ministre|secrétaire d['’]état)",
    first=r"maintenant|puis|ensuite|et|d['’]abord|enfin",
    gives=(
        r"(?<!temps de )parole (?:est |revient |va |passe )?(?:maintenant |ensuite |donc |enfin )*(?:à|au|aux)\b",
        r"(?:donn|cèd|pass|rend)\w+ (?:\w+ ){0,3}la parole",
        r"\b(?:a|ai|ont|avez|aurez) (?:\w+ ){0,2}la parole",
        r"(?:prochain|premi[eè]r|deuxième|troisième|derni[eè]r)e? (?:orat(?:eur|rice)|intervenante?)",
        r"orat(?:eur|rice) suivante?",
        r"(?:allons|pouvons) (?:\w+ ){0,2}(?:entendre|écouter)\b",
        r"\bau tour (?:de|du|des|d['’])",
        r"(?:à|de|vers) la tribune",
    ),
    gives_words="parole orateur oratrice intervenant intervenante entendre écouter tour tribune",
    briefly=r"brièvement|rapidement|très|vous\b|s['’]il vous|pour (?:une|sa)|en conclusion",
    party=r"du groupe|pour le|au nom",
    interrupts_words="question questions interruption interrompre interrompt brièvement réagir réaction remarque micro",
    interrupts=r"\binterruption\b| une question",
    question=r"\binterruption[^,]*$|\bquestion d(?:e|u) (?:m|mme|mlle|monsieur|madame|l[ea])\b",
    term="tour",
    first_term=r"\bcommen\w+ (?:\w+ ){0,3}(?:par|avec) le premier tour",
    second_term=r"(?:deuxième|second|prochain) tour\b",
    third_term=r"troisième tour\b",
    not_now=r"\b(?:répon\w*|question|revien\w*)\b.*\b(?:au|lors du) \w+ tour|\btour du gouvernement",
    order=("rappel au règlement", "motion d'ordre", "motion d’ordre"),
    chair=r"(?:monsieur|madame|m\.|mme) l[ea] (?:vice-)?présidente?",
    others=r"(?:monsieur|madame|messieurs|mesdames|ch[eè]r[es]{0,2} (?:collègues?|amie?s?))",
    thanks=r"merci",
)
_ENGLISH = Cues(
    titles=("mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "baroness", "senator", "colleague"),
    minister=r"minister|secretary of state|chancellor|government",
    state_secretary=r"minister|secretary of state|government",
    office=r"the (?:prime |deputy )?(?:minister|secretary of state)",
    first=r"now|then|first|finally",
    gives=(
        r"\bi (?:now |will |shall )?call (?:on |upon )?",
        r"(?:give|gives|yield|yields) (?:\w+ ){0,4}the floor",
        r"the floor (?:is |goes |now )*(?:to|yours)\b",
        r"(?:has|have) the floor",
        r"(?:next|first|second|last|final) speaker",
        r"(?:hear|listen) (?:\w+ )?(?:from|to)\b",
        r"recogni[sz]e",
    ),
    gives_words="call floor speaker hear listen recognise recognize recognised recognized",
    briefly=r"briefly|please|you\b|very|for a",
    party=r"of the|on behalf",
    interrupts_words="question questions interrupt interruption intervene briefly microphone",
    interrupts=r"\binterruption\b| a question",
    question=r"\binterruption[^,]*$|\bquestion from\b",
    term="round",
    first_term=r"\b(?:begin|start) (?:\w+ ){0,3}(?:with|on) the first round",
    second_term=r"(?:second|next) round\b",
    third_term=r"third round\b",
    not_now=r"\b(?:answer\w*|repl\w+|question\w*|come\w*)\b.*\bin the \w+ round|\bround of the government",
    order=("point of order",),
    chair=r"(?:(?:mr|mrs|ms|madam) (?:deputy |vice-)?(?:speaker|president|chair(?:man|woman|person)?)|chair)",
    others=r"(?:mr|mrs|ms|madam|dear|honourable|minister|ladies and gentlemen|colleagues)",
    thanks=r"(?:many )?(?:thank you|thanks)",
)
_GERMAN = Cues(
    titles=("herr", "herrn", "frau", "abgeordneter", "abgeordnete", "abgeordneten", "kollege", "kollegin"),
    minister=r"(?:bundes)?minister|(?:bundes)?kanzler|(?:bundes)?regierung",
    state_secretary=r"staatssekretär|(?:bundes)?regierung",
    office=r"(?:der |die |herr |frau )(?:bundes)?(?:minister|kanzler|staatssekretär)(?:in)?",
    first=r"nun|jetzt|dann|und|zunächst|zuletzt",
    gives=(
        r"\bwort (?:hat|erhält|geht an|erteile|gebe)\b",
        r"(?:erteile|gebe|hat|haben|erhält) (?:\w+ ){0,6}das wort",
        r"(?:nächste|erste|zweite|letzte)[rn]? redner",
        r"zu wort (?:gelangt|kommt|gemeldet)",
        r"\bals nächste",
        r"rednerpult",
    ),
    gives_words="wort redner rednerin nächste nächster nächstes rednerpult",
    briefly=r"kurz|bitte|sie\b|sehr|für eine",
    party=r"von der|für die|im namen",
    interrupts_words="frage zwischenfrage zwischenruf kurzintervention kurz nachfrage mikrofon",
    interrupts=r"\bzwischenfrage\b| eine frage",
    question=r"zwischenfrage|\bfrage (?:von|der|des)\b",
    term="runde",
    first_term=r"\bbeginnen (?:\w+ ){0,3}mit der ersten runde",
    second_term=r"(?:zweite|nächste)n? (?:redner|debatten)?runde\b",
    third_term=r"dritten? (?:redner|debatten)?runde\b",
    not_now=r"\b(?:antwort\w*|frage\w*|komm\w*)\b.*\bin der \w+ runde|\brunde der (?:bundes)?regierung",
    order=("zur geschäftsordnung",),
    chair=r"(?:sehr )?(?:geehrte[rs]? |verehrte[rs]? )?(?:herr|frau) (?:vize)?(?:präsident|vorsitzende)\w*",
    others=r"(?:herr|frau|meine (?:sehr )?(?:\w+ )?damen|sehr geehrte|verehrte|liebe|werte|geschätzte|hohes haus)",
    thanks=r"(?:vielen |herzlichen )?dank",
)
LANGUAGES = (_DUTCH, _FRENCH, _ENGLISH, _GERMAN)


def _any(patterns: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _each(name: str) -> str:
    """Return a pattern for what any of the languages says."""
    return _any(tuple(getattr(cues, name) for cues in LANGUAGES))


def _words(name: str) -> frozenset[str]:
    return frozenset(word for cues in LANGUAGES for word in getattr(cues, name).split())


_TITLES = tuple(title for cues in LANGUAGES for title in cues.titles)
_NAMED = rf"\b{_any(_TITLES)}\s+[^,.?!]{{2,40}}"
_ADDRESS = rf"^(?:{_each('thanks')}\b[^.?!]{{0,60}}?)?(?:,\s*)?"

OFFICES = {
    "minister": re.compile(rf"\b{_each('minister')}"),
    "state secretary": re.compile(rf"\b{_each('state_secretary')}"),
    # Councils are read in Dutch only.
    "alderman": re.compile(r"\b(?:wethouder|college\b)"),
    "mayor": re.compile(r"\b(?:burgemeester|college\b)"),
}
# A title's full stop ends no sentence; this one and the next are for text with its capitals.
TITLE_STOP = re.compile(rf"(?<!\w)(MM?|Mr|Mrs|Ms|Dr|Hr)\.(?=\s+{CAPITAL})")
SOMEBODY = re.compile(rf"\b{_any(tuple(f'[{t[0].upper()}{t[0]}]{t[1:]}' for t in _TITLES))}\s+{CAPITAL}")
GIVES = re.compile(_any(tuple(pattern for cues in LANGUAGES for pattern in cues.gives)))
GIVES_WORDS = _words("gives_words")
INTERRUPTS_WORDS = _words("interrupts_words")
INTERRUPTS = re.compile(_each("interrupts"))
QUESTION = re.compile(_each("question"))
# "Mr A, Party" or "Mr A of Party", but not "Mr A, briefly".
WITH_PARTY = re.compile(rf"{_NAMED}?(?:,\s*(?!{_each('briefly')})\S|\s+{_each('party')}\s+\S)")
# "The minister." and nothing more.
ALONE = re.compile(
    rf"^\W*(?:{_each('first')}\s+)?(?:{_NAMED}|{_each('office')}[^,?!]{{0,60}})(?:,? {_each('first')})?[.?!]*$"
)
TERM_PARTS = tuple(_words("term"))
TERMS = {number: re.compile(_each(f"{name}_term")) for number, name in enumerate(("first", "second", "third"), 1)}
NOT_NOW = re.compile(_each("not_now"))
ORDER = tuple(words for cues in LANGUAGES for words in cues.order)
TO_CHAIR = re.compile(rf"{_ADDRESS}{_each('chair')}\b")
TO_ANYBODY = re.compile(rf"{_ADDRESS}{_any((_each('chair'), _each('others')))}\b")
