"""What is said for and against a proposition, as a model reads it."""

import pytest

from standpunt.annotation.issues import load_issue
from standpunt.models.sides import with_sides

ISSUE = load_issue("rent_freeze")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_proposition_is_read_with_both_of_its_sides(language):
    proposition = ISSUE.proposition[language]
    expected = f"Stelling: {proposition} Voor: {ISSUE.pro[language]} Tegen: {ISSUE.con[language]}"
    assert with_sides(proposition, ISSUE, language) == expected


@pytest.mark.parametrize("issue", [ISSUE, None])
def test_another_proposition_is_read_alone(issue):
    assert with_sides("De huren moeten omhoog.", issue, "nl") == "Stelling: De huren moeten omhoog."
