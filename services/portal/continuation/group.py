"""A group: one form of the continuation and the command that stores it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.answered.continuation import Continuation
from services.portal.pages.forms import Errors, Form

Body = dict[str, Any]
"""As the registry takes it, JSON."""

Row = dict[str, str]
"""A row of a summary list: key, value."""


@dataclass(frozen=True)
class ListOf:
    """A list in a group. name: of its fields and in the body; fields: of a line; most: lines."""

    name: str
    fields: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Group:
    """slug: in the address; path: below the continuation in the registry; title, lead, said: message ids of the
    heading, of what stands below it, and of what is told afterwards.

    stored: the body of what is stored, so that it can be compared; typed: the fields of a form that shows a body; read:
    the body of a form, what is wrong is added to the errors; shown: a body in words; names: the fields of its
    form, besides those that have a full stop in their name, which are those of the body;
    names_agency: whether a form's field `opd` names an agency, None: the group has no such field.
    """

    slug: str
    path: str
    title: str
    lead: str
    said: str
    stored: Callable[[Continuation], Body]
    typed: Callable[[Body], Mapping[str, str]]
    read: Callable[[Form, Errors, Continuation], Body]
    shown: Callable[[Body], list[Row]]
    names: frozenset[str]
    list_of: ListOf | None = None
    names_agency: Callable[[Form], bool] | None = None
