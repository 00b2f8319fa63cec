"""What the columns of predictions hold, in a sentence each: what a table says of itself where no documentation is."""

from __future__ import annotations

from collections.abc import Iterable

DESCRIPTIONS = {
    "debate": "id of the debate, by default the beginning of the hash of its text",
    "title": "what the debate is about",
    "date": "day of the debate, YYYY-MM-DD",
    "turn": "id of the turn",
    "ordinal": "place of the turn in its debate, from 1, the chair's turns counted",
    "speaker": "who speaks",
    "party": "party of the speaker, empty where there is none",
    "role": "chair, member, minister, state secretary, alderman, mayor or guest",
    "kind": "speech (holds the floor), interruption, reply, motion, chair or procedural",
    "replies_to": "id of the turn that is answered",
    "start": "offset of the turn's first character in the report, where its format has offsets",
    "end": "offset after its last character",
    "issue": "name of the issue; the header has its proposition",
    "text": "what is said in the turn",
    "knows_issue": "whether the model was trained on the issue",
    "anyway": "whether the model was not made for this question and answered anyway",
    "label": "the most probable label; none: the issue is not addressed; abstain: the model is not sure enough",
    "label_alone": "what the model would call the turn without the other turns of the debate",
    "evidence_start": "offset in the text of the turn where the part begins that carried the answer",
    "evidence_end": "offset in the text of the turn after that part",
    "evidence": "what stands there",
    "trust": "what the answers on this issue are good for: usable, hint, untrusted or unmeasured",
    "measured_right": "turns of labelled real debates that the model had right on this issue",
    "measured_of": "of so many",
    "arguments": "claims and premises of the turn that concern the issue, the most relevant first, as records",
    "model": "name of the model",
    "model_version": "first digits of the hash of the model",
    "issue_version": "first digits of the hash of the definition of the issue",
    "standpunt_version": "version of the package",
    "file": "the report, as it was named",
}
_PROBABILITY = "probability of the label {label}"


def described(columns: Iterable[str]) -> dict[str, str]:
    """Return what columns hold, by name; those that a caller added are left out."""
    return {
        name: _PROBABILITY.format(label=name[2:]) if name.startswith("p_") else DESCRIPTIONS[name]
        for name in columns
        if name.startswith("p_") or name in DESCRIPTIONS
    }
