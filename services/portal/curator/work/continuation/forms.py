"""The three forms of an innovation's continuation: stage, next question, use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import N_, _
from shared.contracts.continuation import Use


@dataclass(frozen=True)
class ContinuationForm:
    """A form and its command to the registry. path: below the continuation; names: path of a flaw → field, and field of
    the body → field of the form; said: message id of what is told afterwards."""

    method: str
    path: str
    names: Mapping[str, str]
    said: str
    errors: Callable[[Form], Errors]

    def body(self, form: Form) -> dict[str, str]:
        """The body; what is empty is left out."""
        given = {name: form.text(field) for name, field in self.names.items()}
        if self.path == STAGE:
            given["pipeline"], _slash, given["stage"] = form.text("tahapan").partition("/")
        return {name: text for name, text in given.items() if text}


STAGE = "stage"


def _stage_errors(form: Form) -> Errors:
    errors = Errors()
    errors.require(form, "tahapan", sentence=_("Pilih tahapan."))
    return errors


def _question_errors(form: Form) -> Errors:
    errors = Errors()
    errors.require(form, "tanggal", sentence=_("Pilih tanggal."))
    return errors


def _use_errors(form: Form) -> Errors:
    errors = Errors()
    if form.text("pemakaian") not in list(Use):
        errors["pemakaian"] = _("Pilih apakah inovasi ini dipakai.")
    elif form.text("pemakaian") != Use.LIVE:
        errors.require(form, "alasan", sentence=_("Tulis mengapa inovasi ini tidak dipakai."))
    return errors


FORMS: Mapping[str, ContinuationForm] = {
    "tahapan": ContinuationForm(
        "POST",
        STAGE,
        {"stage": "tahapan", "pipeline": "tahapan", "note": "catatan", "on": "sejak"},
        N_("Tahapan disimpan."),
        _stage_errors,
    ),
    "pertanyaan": ContinuationForm(
        "PUT", "follow-up", {"asked_on": "tanggal"}, N_("Tanggal pertanyaan disimpan."), _question_errors
    ),
    "pemakaian": ContinuationForm(
        "PUT", "use", {"use": "pemakaian", "reason": "alasan"}, N_("Keadaan pemakaian disimpan."), _use_errors
    ),
}
"""By the field `apa`."""
