"""Sentence splitting, against sentences written out here and against a gold standard of the real debate."""

import json
import os
from pathlib import Path

import pytest

from standpunt import load_corpus
from standpunt.corpora.corpus import TranscriptMissing
from standpunt.text.sentences import rough_sentences, split_sentences

GOLD = Path(__file__).parents[1] / "data" / "sentences" / "tk-ukraine.jsonl"

SENTENCES = {
    "titles": ["Dr. De Wit sprak met prof. mr. drs. Van Dam.", "Daarna ging ir. Bos weg."],
    "abbreviations": ["Dat geldt o.a. voor de haven, d.w.z. m.b.t. olie.", "Zie art. 5, lid 2, jl. dinsdag."],
    "motions": ["De motie op nr. 217 (36045) handhaaf ik.", "Die op nr. 218. (36045) niet."],
    "numbers": ["Het kost 3,5 miljard, of 3.500 miljoen.", "Dat zijn er 500.000.", "Dan is het op."],
    "years": ["Dat was in 2025.", "Nu niet meer."],
    "initials": ["De heer A.B. Jansen en mevrouw C. Smit zwegen.", "Ik ook."],
    "ends that are abbreviations elsewhere": ["Kijk hoe het zit.", "Als het mag.", "Ik zit vol.", "Dat is dom.", "Ja."],
    "names in capitals of other alphabets": ["De heer Ş. Şahin zweeg.", "Waarom?", "Šefčovič ook…", "Žižka niet."],
    "names in capitals": ["Dat vroeg ik aan IenW.", "De VS.", "Het is een AMvB.", "Goed."],
    "hesitation": ["Ik denk ... eigenlijk … wel dat het kan.", "Of niet."],
    "new thought after an ellipsis": ["Ik wilde …", "Nee, ik vroeg ...", "Laat maar."],
    "quotation": ['Hij zei: "Kom terug!" en liep door.', 'Toen vroeg zij: "Waarom?"', "Niemand wist het."],
    "quotation of several sentences": ['Daar staat: "Er zijn plannen.', 'Die zijn klaar."', "Dat is helder."],
    "dash and semicolon": ["Ik kom – als het kan – terug; dat beloof ik.", "Echt waar."],
    "colon": ["Mijn vraag is: Wil de minister dat?", "Graag een antwoord."],
    "and so on": ["Brood, kaas etc. gaan mee, net als de heer Bos c.s. en anderen.", "Klaar."],
    "English": ["Mr. Smith met Dr. Brown at 10 a.m. in St. James.", "The U.S. Army left.", "Why?", "Nobody, e.g. me."],
    "German": ["Herr Dr. Weiß sprach z.B. über Art. 5 Abs. 2 des Vertrags.", "Das kostet 3,5 Mio. Euro.", "Gut!"],
    "French": ["M. Dupont a parlé, p.ex. de la loi.", "Pourquoi ?", "Personne ne le sait."],
}  # fmt: skip


@pytest.mark.parametrize("sentences", SENTENCES.values(), ids=SENTENCES)
def test_sentences(sentences):
    text = " ".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_a_line_is_a_border():
    text = "De Kamer,\n\n  gehoord de beraadslaging,\nverzoekt \n"
    assert [text[a:b] for a, b in split_sentences(text)] == ["De Kamer,", "gehoord de beraadslaging,", "verzoekt"]


@pytest.mark.parametrize("text", ["", "  ", "\n \n"])
def test_nothing_visible(text):
    assert split_sentences(text) == ()


def test_long_sentence_is_kept_whole():
    text = "woord " * 5000 + "einde."
    assert split_sentences(text) == ((0, len(text)),)


def f1(gold, found):
    """Return boundary F1; the end of a passage is no boundary to find."""
    gold, found = set(gold), set(found)
    return 2 * len(gold & found) / (len(gold) + len(found))


@pytest.mark.parametrize("text", ["Zie art. 5 c.s. en prof. Bos e.a. over nr. 3.", "Brood enz. Kaas niet."])
def test_rough_split_knows_the_same_abbreviations(text):
    assert list(rough_sentences(text)) == [text[a:b] for a, b in split_sentences(text)]


def test_boundaries_of_the_real_debate():
    """347 sentences marked by two readers who agreed on all; see docs/architecture.md."""
    if not os.environ.get("STANDPUNT_TRANSCRIPTS"):
        pytest.skip("the transcript of the Ukraine debate is not at hand (STANDPUNT_TRANSCRIPTS)")
    try:
        (annotated,) = load_corpus("tk-ukraine").debates
    except TranscriptMissing as error:
        pytest.skip(str(error))
    turns = {turn.ordinal: turn.text for turn in annotated.debate.turns}
    gold, found = [], []
    for line in GOLD.read_text("utf-8").splitlines():
        passage = json.loads(line)
        start, end, place = passage["start"], passage["end"], passage["ordinal"]
        gold += [(place, stop) for _, stop in passage["sentences"][:-1]]
        found += [(place, start + stop) for _, stop in split_sentences(turns[place][start:end])[:-1]]
    assert len(gold) == 301
    assert f1(gold, found) >= 0.97
    assert f1(gold, [(place, stop + 1) for place, stop in found]) < 0.1  # the measure can fail
