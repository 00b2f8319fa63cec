from hypothesis import given
from hypothesis import strategies as st

from standpunt.annotation.arguments import Sentence
from standpunt.page.text import Evidence, paragraphs

TEXT = "Eén zin. Twee zinnen.\n\nNieuwe alinea."


def words(pieces):
    return [[piece.text for piece in paragraph] for paragraph in pieces]


def test_pieces_end_where_marks_do():
    pieces = paragraphs(TEXT, [Evidence((0, 8), 0, "favor"), Evidence((4, 12), 1, "against")])
    assert words(pieces) == [["Eén ", "zin.", " Twe", "e zinnen."], ["Nieuwe alinea."]]
    assert [[item.issue for item in piece.evidence] for piece in pieces[0]] == [[0], [0, 1], [1], []]
    assert [piece.starts for piece in pieces[0]] == [True, True, False, False]


def test_a_piece_keeps_the_stance_on_each_issue():
    pieces = paragraphs(TEXT, [Evidence((0, 8), 3, "favor"), Evidence((4, 12), 1, "against")])[0]
    assert [piece.stances for piece in pieces] == [{3: "favor"}, {3: "favor", 1: "against"}, {1: "against"}, {}]
    assert [piece.sides for piece in pieces] == [["favor"], ["favor", "against"], ["against"], []]


def test_sentences_that_are_no_argument_are_passed_over():
    sentences = [Sentence(1, (0, 8), "x", "claim"), Sentence(1, (9, 21), "x", "none")]
    pieces = paragraphs(TEXT, (), sentences)[0]
    assert [(piece.text, piece.sentence is not None, piece.opens) for piece in pieces] == [
        ("Eén zin.", True, True),
        (" Twee zinnen.", False, False),
    ]


@given(st.text("ab \n", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_no_character_is_lost_or_moved(text, spans):
    pieces = paragraphs(text, [Evidence((min(a, b), max(a, b)), 0, "favor") for a, b in spans])
    whole = ["".join(part) for part in words(pieces)]
    assert " ".join(whole).split() == text.split()
    assert whole == ["".join(part) for part in words(paragraphs(text))]
