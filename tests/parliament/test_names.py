import pytest

from standpunt.parliament.names import find_surname, is_name, mentions


@pytest.mark.parametrize(
    "name",
    [
        "Jansen", "Van Hijum", "De Roon", "Van 't Hekke", "Van ’t Hekke", "D'Ailleboust", "Çelikoğlu-Visch",
        "Van der Élst-De Roon", "Jan Peter Jansen", "Idsinga-van Dijk", "'t Hart",
    ],
)  # fmt: skip
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    ["", " ", "jansen", "de", "Smit en de heer Pot vroegen", "Smit zei gisteren", "Smit, Pot", "Smit 2", "Smit (Geel)"],
)
def test_other_words_are_no_names(text):
    assert not is_name(text)


def test_surname_is_found_whatever_its_case():
    assert find_surname("van hijum", ["De Roon", "Van Hijum"]) == "Van Hijum"


def test_double_name_is_found_by_its_first_part():
    assert find_surname("Çelik", ["Visch", "Çelik-Visch"]) == "Çelik-Visch"


def test_whole_name_goes_before_the_first_part_of_another():
    assert find_surname("Smit", ["Smit-Pot", "Smit"]) == "Smit"


@pytest.mark.parametrize("name", ["Visch", "Çel", "Jansen"])
def test_unknown_surname_is_not_guessed(name):
    assert find_surname(name, ["Çelik-Visch", "Smit"]) is None


def test_mentions_whole_words_only():
    assert mentions("het woord is aan de heer smit.", "Smit")
    assert mentions("mevrouw çelik, gaat uw gang.", "Çelik-Visch")
    assert not mentions("de heer smits heeft het woord.", "Smit")
    assert not mentions("de heer hijum", "Van Hijum")
