"""A stored value of the profile in words, for summaries and comparisons. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.portal.agency.profile.field import Kind, Question, Translate
from services.portal.agency.profile.reading import degrees
from services.portal.pages.language import N_
from shared import indonesian


def shown(question: Question, value: Any, _: Translate) -> str:  # noqa: ANN401, PLR0911 - a JSON value, one for each kind
    """The value as people read it; empty for none."""
    if value is None or value in ("", []):
        return ""
    match question.kind:
        case Kind.ONE:
            return _(question.options.get(value, value))
        case Kind.MANY | Kind.NUMBERS:
            return "; ".join(_(question.options.get(str(each), str(each))) for each in value)
        case Kind.YES_NO:
            return _(N_("Ya")) if value else _(N_("Tidak"))
        case Kind.DAY:
            return indonesian.day(date.fromisoformat(value))
        case Kind.PLACE:
            return "; ".join(degrees(value[part]) for part in ("latitude", "longitude"))
        case Kind.CERTIFICATE:
            return f"{value['number']}, {indonesian.day(date.fromisoformat(value['dated']))}"
        case _:
            return str(value)
