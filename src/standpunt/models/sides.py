"""What is said for a proposition and against it, by the definition of its issue."""

from __future__ import annotations

from standpunt.annotation.issues import Issue
from standpunt.text.negation import negated


def poles(proposition: str, issue: Issue | None, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is said for a proposition and what is said against it, each in one or more wordings.

    Args:
        proposition: what is for or against.
        issue: its definition, where there is one; that of another proposition (its opposite, say) is not used.
        language: of the text that is read beside it.
    """
    if issue is not None and _defines(issue, proposition, language):
        language = issue.language_for(language)
        pro, con = issue.pro[language], issue.con[language]
        return (pro, f"Ja. {proposition} {pro}"), (con, f"Nee. {proposition} {con}")
    return (f"Ja. {proposition}",), (f"Nee. {negated(proposition) or proposition}",)


def with_sides(proposition: str, issue: Issue | None, language: str) -> str:
    """Return a proposition with both of its sides, as one text; alone where its issue does not define it.

    The words between them are Dutch in every language: a model that learns from them needs the same ones each time.

    Args:
        proposition: what is for or against.
        issue: its definition, where there is one; that of another proposition (its opposite, say) is not used.
        language: of the text that is read beside it.
    """
    said = f"Stelling: {proposition}"
    if issue is not None and _defines(issue, proposition, language):
        language = issue.language_for(language)
        said += f" Voor: {issue.pro[language]} Tegen: {issue.con[language]}"
    return said


def definition(proposition: str, issue: Issue | None, language: str) -> str:
    """Return all that is said of an issue; of one without a definition, or for another proposition, that alone."""
    if issue is not None and _defines(issue, proposition, language):
        return issue.said(issue.language_for(language))
    return proposition


def _defines(issue: Issue, proposition: str, language: str) -> bool:
    """Tell whether a proposition beside a text of a language is that of the issue, and not its opposite, say."""
    return issue.proposition[issue.language_for(language)] == proposition
