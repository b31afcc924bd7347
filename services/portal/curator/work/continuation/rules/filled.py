"""A form of the rules while it is filled in, and the part of the rules that it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.portal.continuation.group import Body, Row
from services.portal.pages.forms import Errors, Form


@dataclass(frozen=True)
class Part:
    """What a form changes. stored: as it is now, None: it is new; whole: the rules with a part in its place; shown: a
    part in words."""

    stored: Body | None
    whole: Callable[[Body], Body]
    shown: Callable[[Body], list[Row]]


@dataclass
class Filled:
    """A form as it is shown. opened: the print of what was stored when it was opened; theirs: what somebody else has
    stored since; added: the number of the stage that was just added."""

    form: Form
    opened: str
    errors: Errors = field(default_factory=Errors)
    theirs: list[Row] | None = None
    added: int | None = None
    status: int = 200
