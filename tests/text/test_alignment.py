import unicodedata

import pytest

from standpunt.text.alignment import Alignment, visible


def test_maps_over_wrapped_lines_there_and_back():
    text, source = "De brug is oud.", "x De \nbrug\nis  oud. y"
    alignment = Alignment(text, source, [(2, len(source) - 2)])
    assert alignment.to_source(0, len(text)) == (2, source.index(" y"))
    assert alignment.to_source(3, 7) == (source.index("brug"), source.index("brug") + 4)
    assert alignment.to_text(*alignment.to_source(3, 10)) == (3, 10)


def test_white_space_at_the_ends_is_left_out():
    alignment = Alignment("a b c", "a\n\nb\n\nc", [(0, 7)])
    assert alignment.to_source(1, 4) == (3, 4)
    assert alignment.to_text(1, 6) == (2, 3)


def test_parts_of_the_source_between_spans_are_skipped():
    source = "Eén (Applaus) twee"
    alignment = Alignment("Eén twee", source, [(0, 3), (14, 18)])
    assert alignment.to_source(0, 8) == (0, 18)
    assert alignment.to_source(4, 8) == (14, 18)


@pytest.mark.parametrize("letter", ["e\u0301", "\u0627\u0654", "\ufb2a", "\u0928\u093c"])
def test_a_letter_with_its_marks_is_one_character_whichever_side_takes_it_apart(letter):
    source, composed = f"caf{letter} open", unicodedata.normalize("NFC", letter)
    assert composed != letter
    alignment = Alignment(f"caf{composed} open", source, [(0, len(source))])
    assert alignment.to_source(3, 3 + len(composed)) == (3, 3 + len(letter))
    assert alignment.to_source(0, len(composed) + 8) == (0, len(source))
    assert alignment.to_text(3, 3 + len(letter)) == (3, 3 + len(composed))


def test_soft_hyphens_of_the_source_are_not_counted():
    source = "brug\u00ad\nwachter"
    alignment = Alignment("brugwachter", source, [(0, len(source))])
    assert alignment.to_source(0, 4) == (0, 4)
    assert alignment.to_source(4, 11) == (6, len(source))


@pytest.mark.parametrize(("start", "end"), [(1, 1), (3, 2), (1, 2), (9, 12)])
def test_range_without_a_visible_character_is_refused(start, end):
    with pytest.raises(ValueError, match="no visible character"):
        Alignment("a b", "a b", [(0, 3)]).to_source(start, end)


def test_texts_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="3 visible characters, its source 4"):
        Alignment("abc", "abcd", [(0, 4)])


def test_visible_is_composed_and_without_white_space():
    assert visible(" e\u0301e\u0301n \u00ad\n brug") == "éénbrug"
