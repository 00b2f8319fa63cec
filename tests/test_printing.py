import pytest

from printing import lay_out
from standpunt.readers import plain

HEADER = "De heer Jansen (Rood):\n"


def test_blank_stays_where_a_line_was_wrapped_at_it():
    assert lay_out("De brug is oud en moe.", width=12) == "De brug is \noud en moe.\n"


def test_word_breaks_after_a_hyphen_that_is_part_of_it():
    assert lay_out("Een no-flyzone.", width=8) == "Een no-\nflyzone.\n"


def test_header_is_a_line_and_blocks_are_apart():
    assert lay_out("De voorzitter:\nDag.\n\n\n\nDe voorzitter:\nDag.", width=60) == (
        "De voorzitter:\nDag.\n\nDe voorzitter:\nDag.\n"
    )


def test_page_ends_in_three_empty_lines():
    printed = lay_out(" ".join(["brug"] * 60) + ".", width=24, page_lines=5)
    pages = printed.rstrip("\n").split("\n\n\n\n")
    assert [len(page.split("\n")) for page in pages[:-1]] == [5] * (len(pages) - 1)
    assert len(pages) > 2


@pytest.mark.parametrize("width", range(24, 70))
@pytest.mark.parametrize("words", ["links- rechtsom", "links- no-flyzone", "lucht- en zeevaart", "kant-en-klaar"])
def test_hyphen_reads_back_wherever_the_line_ends(width, words):
    speech = f"Zo is het met de brug en ook met de sluis en {words}."
    (turn,) = plain.parse(HEADER + lay_out(speech, width=width)).turns
    assert turn.text == speech
