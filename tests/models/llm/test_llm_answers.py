"""What is read from an answer, and the probabilities that its tokens give."""

from math import log

import numpy as np
import pytest

from standpunt.models.llm.answers import Reply, Token, form, label_shares, quoted_span, read_answer, until_label

LABELS = ("favor", "against", "neutral", "none")
HEAD = ['{"', "label", '": "']


def tokens(*spelt, head=HEAD):
    """Return tokens of an answer; each of the label is its text with the shares of what could have stood there."""
    label = [Token(text, log(shares[text]), tuple((t, log(p)) for t, p in shares.items())) for text, shares in spelt]
    return [*(Token(text, 0.0) for text in head), *label, Token('", "quotation', -0.1)]


@pytest.mark.parametrize(
    ("text", "label", "quotation"),
    [
        ('{"label": "favor", "quotation": "een  brug"}', "favor", "een  brug"),
        ('```json\n{"label": "against"}\n```', "against", ""),
        ('I think {"label": "none"} no: {"label": "neutral", "quotation": " x "}', "neutral", "x"),
        (" favor.", "favor", ""),
        ('"against"', "against", ""),
        ('{"label": "Favor"}', None, ""),
        ('{"label": ["favor"]}', None, ""),
        ('{"label": "favor", "quot', None, ""),
        ("", None, ""),
        ("the turn is in favor of it", None, ""),
        ('{"label": "favor", "quotation": 3}', "favor", ""),
    ],
)
def test_an_answer_is_read_or_it_is_none(text, label, quotation):
    answer = read_answer(Reply(text), LABELS)
    assert (answer.label, answer.quotation, answer.refused) == (label, quotation, False)


def test_the_form_has_the_label_first():
    assert list(form(LABELS, quotation=True)["properties"]) == ["label", "quotation"]
    assert form(LABELS, quotation=False)["required"] == ["label"]


def test_a_quotation_stands_in_the_text_or_it_is_no_evidence():
    text = "Voorzitter. De pont  moet\n\ngratis worden, zeg ik."
    start, end = quoted_span(text, "De pont moet gratis")
    assert text[start:end] == "De pont  moet\n\ngratis"
    assert quoted_span(text, "De pont mag gratis") is None
    assert quoted_span(text, "(") is None
    assert quoted_span(text, " ") is None


def test_labels_of_one_token_have_its_shares():
    shares = label_shares(tokens(("favor", {"favor": 0.6, "against": 0.3, "neutral": 0.08, "none": 0.02})), LABELS)
    np.testing.assert_allclose(shares, [0.6, 0.3, 0.08, 0.02])


def test_tokens_that_begin_a_label_count_for_it_and_others_do_not():
    shares = label_shares(
        tokens(("fav", {"fav": 0.3, "f": 0.1, "ag": 0.1, "maybe": 0.4, "neut": 0.05, "no": 0.05})), LABELS
    )
    np.testing.assert_allclose(shares, np.array([0.4, 0.1, 0.05, 0.05]) / 0.6)


def test_labels_with_one_beginning_are_told_apart_by_what_follows():
    first = ("n", {"n": 0.5, "favor": 0.4, "against": 0.1})
    second = ("one", {"one": 0.09, "eutral": 0.03, "ot": 0.88})
    shares = label_shares(tokens(first, second), LABELS)
    np.testing.assert_allclose(shares, [0.4, 0.1, 0.5 * 0.25, 0.5 * 0.75])


def test_a_token_may_hold_the_sign_before_the_label_and_the_one_behind_it():
    first = ('"favor', {'"favor': 0.5, '"against': 0.25, "favor": 0.25})
    shares = label_shares(tokens(first, head=['{"label": ']), ("favor", "against"))
    np.testing.assert_allclose(shares, [2 / 3, 1 / 3])
    shares = label_shares(tokens(('none"', {'none"': 0.75, "favor": 0.25})), ("favor", "none"))
    np.testing.assert_allclose(shares, [0.25, 0.75])


def test_a_label_the_server_does_not_tell_of_has_half_of_the_least_of_those_it_does():
    shares = label_shares(tokens(("favor", {"favor": 0.9, "against": 0.09, "x": 0.01})), LABELS)
    np.testing.assert_allclose(shares, np.array([0.9, 0.09, 0.005, 0.005]))


def test_the_label_answered_is_the_most_probable_where_the_server_tells_of_no_other():
    improbable = [Token('{"label": "', 0.0), Token("against", -9.0, (("Be", -1.0), ("S", -1.5)))]
    np.testing.assert_allclose(label_shares(improbable, LABELS), [0.2, 0.4, 0.2, 0.2])


@pytest.mark.parametrize("spelt", [[], [Token("favor", -0.1)], [Token('{"label": "', 0.0), Token("maybe", -0.1)]])
def test_tokens_that_name_no_label_have_no_shares(spelt):
    assert label_shares(spelt, LABELS) is None


def test_tokens_behind_the_label_are_not_kept():
    spelt = tokens(("favor", {"favor": 1.0})) + [Token("x", -1.0)] * 50
    assert "".join(token.text for token in until_label(spelt)) == '{"label": "favor", "quotation'
    assert until_label([Token("sorry", 0.0)]) == ()


def test_a_reply_is_kept_whole():
    reply = Reply('{"label": "é"}', "stop", True, tuple(tokens(("favor", {"favor": 0.5, "x": 0.5}))), 3, 4)
    assert Reply.from_json(reply.to_json()) == reply
