"""Prompts are made of the issue file and the codebook, by templates that can be replaced."""

import pytest

from fake_llm import row
from standpunt.annotation.issues import load_issue
from standpunt.errors import InputError
from standpunt.models.llm.prompts import GAP, Prompts, shortened
from standpunt.models.llm.settings import LlmConfig
from standpunt.models.llm.templates import Templates, templates_sha256
from standpunt.tasks import TASKS

LABELS = ("favor", "against", "neutral", "none")
ISSUE = load_issue("no_fly_zone")


def prompts(labels=LABELS, folder=None, **settings):
    return Prompts(Templates.read(folder), labels, **settings)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_question_has_all_that_defines_the_issue_and_the_turn(language):
    messages = prompts().messages(row(language=language, context="Wie zei dat?"), ISSUE)
    assert [role for role, _ in messages] == ["system", "user"]
    question = messages[1][1]
    for said in (ISSUE.definition, ISSUE.pro, ISSUE.con):
        assert said[language] in question
    assert all(case in question for case in ISSUE.border_cases)
    for said in ("Er moet een no-flyzone komen.", "Wie zei dat?", "Wij zijn voor de zone"):
        assert said in question
    assert "De Vries" not in question  # who speaks does not count
    assert {"nl": "Je codeert standpunten", "en": "You code stances"}[language] in messages[0][1]


def test_other_languages_are_asked_about_in_english_and_a_language_can_be_set():
    german = row(language="de", text="Wir sind dafür.")
    assert "You code stances" in prompts().messages(german, ISSUE)[0][1]
    assert "Je codeert" in prompts(language="nl").messages(german, ISSUE)[0][1]
    assert (
        "Je codeert"
        in prompts().messages({key: value for key, value in row().items() if key != "language"}, None)[0][1]
    )


def test_an_issue_that_nothing_defines_has_its_proposition():
    question = prompts().messages(row(), None)[1][1]
    assert question.startswith("Stelling: Er moet een no-flyzone komen.")
    assert "Waar het om gaat" not in question


def test_without_the_label_none_it_is_not_mentioned():
    assert "none" not in prompts(LABELS[:3]).messages(row(), ISSUE)[0][1]
    assert "neutral:" not in prompts(LABELS[:2]).messages(row(), ISSUE)[0][1]


def test_the_turn_answered_and_the_quotation_can_be_left_out():
    system, question = (text for _, text in prompts(context=False, quotation=False).messages(row(context="Ja?"), ISSUE))
    assert "Ja?" not in question
    assert "quotation" not in system


def test_examples_are_turns_of_the_conversation_without_a_definition():
    example = row(text="Voorzitter. Die zone moet er komen. Dank.", label="favor", evidence=[(12, 35)])
    messages = prompts().messages(row(), ISSUE, [example])
    assert [role for role, _ in messages] == ["system", "user", "assistant", "user"]
    assert "Die zone moet er komen" in messages[1][1]
    assert "Waar het om gaat" not in messages[1][1]
    assert messages[2][1] == '{"label": "favor", "quotation": "Die zone moet er komen."}'


def test_long_turns_are_cut_and_examples_around_their_evidence():
    words = [f"w{number}" for number in range(200)]
    text = " ".join(words)
    assert shortened(text, 20).split() == [*words[:10], GAP, *words[-10:]]
    assert shortened(text, 200) == text
    begin = text.index("w150")
    example = row(text=text, evidence=[(begin, begin + 4)])
    messages = prompts(example_words=20, max_words=30).messages(row(text=text), ISSUE, [example])
    shown = messages[1][1]
    assert "w150" in shown
    assert "w100 " not in shown
    assert shown.count(GAP) == 2
    assert "w100 " not in messages[-1][1]


def test_the_order_of_the_columns_changes_no_prompt():
    assert prompts(LABELS[::-1]).messages(row(), ISSUE) == prompts().messages(row(), ISSUE)


@pytest.mark.parametrize("task", sorted(TASKS))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_task_has_a_prompt_that_says_what_its_labels_mean(task, language):
    labels = TASKS[task].labels
    system = prompts(labels).messages(row(language=language), None)[0][1]
    for label in labels:
        line = next(line for line in system.splitlines() if line.startswith(f"- {label}"))
        assert line.removeprefix(f"- {label}: ")
        assert line.startswith(f"- {label}: ")


def test_a_template_of_ones_own_goes_before_the_shipped_one(tmp_path):
    own = "{% block system %}Zeg {{ labels | join('/') }}.{% endblock %}"
    own += "{% block question %}{{ text | upper }}{% endblock %}"
    (tmp_path / "stance.nl.jinja").write_text(own + "{% block again %}Nog eens.{% endblock %}", encoding="utf-8")
    said = [text for _, text in prompts(folder=str(tmp_path)).messages(row(text="ja"), ISSUE)]
    assert said == ["Zeg favor/against/neutral/none.", "JA"]
    assert templates_sha256(str(tmp_path)) != templates_sha256(None)
    assert LlmConfig(templates=str(tmp_path)).templates_sha256 == templates_sha256(str(tmp_path))
    english = prompts(folder=str(tmp_path)).messages(row(language="en"), ISSUE)
    assert "You code stances" in english[0][1]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("stance.nl.jinja", "{% block system %}", "line 1: "),
        ("stance.nl.jinja", "Zeg iets.", "no block system and no block question and no block again"),
        ("stance.fr.jinja", "x", "expected templates among label.en.jinja"),
        (None, None, "there is none; expected templates"),
    ],
)
def test_a_folder_without_a_usable_template_is_one_sentence(tmp_path, name, text, said):
    if name:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        Templates.read(str(tmp_path))


BLOCKS = "{% block system %}x{% endblock %}{% block again %}x{% endblock %}{% block question %}"


@pytest.mark.parametrize(
    "inside", ["{{ nobody }}", "{{ text.__class__.__mro__ }}", "{{ 1 / 0 }}", "{% include '/etc/passwd' %}"]
)
def test_a_template_that_reaches_for_what_it_is_not_given_is_one_sentence(tmp_path, inside):
    (tmp_path / "stance.nl.jinja").write_text(BLOCKS + inside + "{% endblock %}", encoding="utf-8")
    with pytest.raises(InputError, match=r"template stance\.nl\.jinja, block question"):
        prompts(folder=str(tmp_path)).messages(row(), ISSUE)
