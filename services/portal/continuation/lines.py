"""A list in a form: its lines have fields `<list>.<number>.<field>`. Buttons add an empty line, remove one, and move
one up, so that it works without a script. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.portal.continuation.group import ListOf
from services.portal.pages.forms import Form

ADD, REMOVE, RAISE = "tambah", "hapus", "naik"
"""Names of the buttons; the value of REMOVE, and of RAISE, which moves a line before the one above it, is the number of
a line, from 0."""

_MOST_DIGITS = 3

Line = dict[str, str]
"""Field → text."""


def sent(form: Form, of: ListOf) -> list[Line]:
    """All lines of a form, in their order, also empty ones; each has all fields."""
    found: dict[int, Line] = {}
    for rest, text in form.under(of.name).items():
        number, _, field = rest.partition(".")
        if field in of.fields and number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS:
            found.setdefault(int(number), dict.fromkeys(of.fields, ""))[field] = text
    return [found[number] for number in sorted(found)]


def compact(form: Form, of: ListOf) -> Form:
    """The form without empty lines, numbered anew from 0, so that its lines are those of the body."""
    return _with(form, of, [each for each in sent(form, of) if any(each.values())])


def is_edited(form: Form) -> bool:
    """Whether one of the buttons was pressed, so that nothing is to be saved yet."""
    return any(form.has(each) for each in (ADD, REMOVE, RAISE))


def edited(form: Form, of: ListOf) -> tuple[Form, int | None]:
    """The form after the button, and the number of the line that was added; None: none was, or the list is full."""
    removed, raised = form.text(REMOVE), form.text(RAISE)
    kept = [each for number, each in enumerate(sent(form, of)) if str(number) != removed]
    place = next((number for number in range(1, len(kept)) if str(number) == raised), None)
    if place is not None:
        kept[place - 1 : place + 1] = [kept[place], kept[place - 1]]
    form = _with(form, of, kept)
    count = len(sent(form, of))
    return (lengthened(form, of), count) if form.has(ADD) and count < of.most else (form, None)


def lengthened(form: Form, of: ListOf) -> Form:
    """The form with an empty line at the end."""
    return _with(form, of, [*sent(form, of), dict.fromkeys(of.fields, "")])


def numbered(name: str, lines: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The fields of a form with these lines."""
    return [(f"{name}.{number}.{field}", text) for number, each in enumerate(lines) for field, text in each.items()]


def _with(form: Form, of: ListOf, lines: Sequence[Line]) -> Form:
    others = [(name, text) for name, text in form.values().items() if not name.startswith(f"{of.name}.")]
    return Form([*others, *numbered(of.name, lines)])
