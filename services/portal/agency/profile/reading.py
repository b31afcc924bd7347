"""Reads the questions of a step from a form, and turns stored values into what a form shows. Pure.

Only what the form's shape decides is judged here: a text that is too long, a day or number that cannot be read. All
else the registry judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.portal.agency.profile.field import Kind, Question
from services.portal.agency.profile.steps import Step
from services.portal.pages.forms import Form
from services.portal.pages.language import _
from services.portal.pages.reading import day_of, decimal_of, line_of, prose_of
from shared.faults import Flaw

Values = dict[str, Any]
"""Fields of a profile, by name, as JSON values."""

YES, NO = "ya", "tidak"
_MOST_DEGREES = {"latitude": 90, "longitude": 180}


def read_step(step: Step, form: Form) -> tuple[Values, list[Flaw]]:
    """The values of the step's questions, without those that have a flaw, and the flaws; their fields begin with
    `profile.`, as the registry's do."""
    values: Values = {}
    flaws: list[Flaw] = []
    for question in step.questions:
        try:
            values[question.name] = _read(question, form)
        except ValueError as wrong:
            flaws.append(Flaw(f"profile.{question.name}", "malformed", str(wrong)))
    return values, flaws


def _read(question: Question, form: Form) -> Any:  # noqa: ANN401, PLR0911 - a JSON value, one for each kind
    name = question.input
    match question.kind:
        case Kind.LINE:
            return line_of(form, name, question.most)
        case Kind.TEXT:
            return prose_of(form, name, question.most)
        case Kind.ONE:
            return line_of(form, name, question.most)
        case Kind.MANY:
            return [each for each in form.texts(name) if each in question.options]
        case Kind.NUMBERS:
            return sorted({int(each) for each in form.texts(name) if each in question.options})
        case Kind.YES_NO:
            chosen = line_of(form, name, question.most)
            return None if chosen is None else chosen == YES
        case Kind.DAY:
            return day_of(form, name)
        case Kind.PLACE:
            return _place(form, name)
        case Kind.CERTIFICATE:
            return _certificate(form, name, question.most)


def _place(form: Form, name: str) -> Values | None:
    found: Values = {}
    for part, most in _MOST_DEGREES.items():
        degrees = decimal_of(form, f"{name}.{part}", thousands=False)
        if degrees is not None:
            if abs(degrees) > most:
                raise ValueError(_("lintang antara -90 dan 90, bujur antara -180 dan 180"))
            found[part] = float(degrees)
    if not found:
        return None
    if len(found) < len(_MOST_DEGREES):
        raise ValueError(_("isi lintang dan bujur, atau kosongkan keduanya"))
    return found


def _certificate(form: Form, name: str, most: int) -> Values | None:
    number, dated = line_of(form, f"{name}.number", most), day_of(form, f"{name}.dated")
    if number is None and dated is None:
        return None
    if number is None or dated is None:
        raise ValueError(_("isi nomor dan tanggal, atau kosongkan keduanya"))
    return {"number": number, "dated": dated}


def form_of(step: Step, profile: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a form shows for stored values."""
    shown: dict[str, list[str]] = {}
    for question in step.questions:
        shown |= _form_of(question, profile.get(question.name))
    return shown


def _form_of(question: Question, value: Any) -> dict[str, list[str]]:  # noqa: ANN401 - a JSON value
    name = question.input
    if value is None:
        return {}
    match question.kind:
        case Kind.MANY | Kind.NUMBERS:
            return {name: [str(each) for each in value]}
        case Kind.YES_NO:
            return {name: [YES if value else NO]}
        case Kind.PLACE:
            return {f"{name}.{part}": [degrees(value[part])] for part in _MOST_DEGREES}
        case Kind.CERTIFICATE:
            return {f"{name}.number": [value["number"]], f"{name}.dated": [value["dated"]]}
        case _:
            return {name: [str(value)]}


def degrees(value: float) -> str:
    """`109,3425`."""
    return f"{Decimal(str(value)):f}".replace(".", ",")


def words_in(text: str) -> int:
    """How many words the registry counts: runs between blanks that contain a letter."""
    return sum(any(sign.isalpha() for sign in run) for run in text.split())
