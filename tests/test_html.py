from small_debate import make_debate


def test_a_debate_shows_its_size_and_escapes_what_it_says():
    shown = make_debate()._repr_html_()
    assert "6 turns" in shown
    assert "1 motions" in shown
    assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in shown
    assert "<script>" not in shown
    assert "<b>bruggen" not in shown


def test_a_turn_shows_speaker_kind_and_text():
    turn = make_debate().turn(2)
    shown = turn._repr_html_()
    assert "Aalbers" in shown
    assert "speech" in shown
    assert "&lt;script&gt;window.hacked" in shown
    assert shown.count("<p>") == 2
