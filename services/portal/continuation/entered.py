"""Reads the fields of a group's form; what is wrong becomes the error of its field. Pure."""

from __future__ import annotations

from datetime import date

from services.portal.continuation.group import Body
from services.portal.pages.forms import Errors, Form, chosen, sentence
from services.portal.pages.language import _
from services.portal.pages.reading import day_of, line_of, prose_of

NAME, SUBJECT, REFERENCE, REMARK = 200, 500, 120, 2_000
"""Characters that the registry takes."""

FIRST, LAST = date(1945, 8, 17).isoformat(), date(2100, 12, 31).isoformat()
"""The days that the registry takes."""


class Entered:
    """A form that is read field by field. One that is wrong or empty is None. missing: the sentence for an empty
    one; without it the field may be empty."""

    def __init__(self, form: Form, errors: Errors) -> None:
        self.form = form
        self._errors = errors

    def line(self, name: str, most: int, *, missing: str = "") -> str | None:
        """A text on one line of at most so many characters."""
        try:
            return self._given(name, line_of(self.form, name, most), missing=missing)
        except ValueError:
            self._too_long(name, most)
            return None

    def prose(self, name: str, most: int, *, missing: str = "") -> str | None:
        """A text with line breaks."""
        try:
            return self._given(name, prose_of(self.form, name, most), missing=missing)
        except ValueError:
            self._too_long(name, most)
            return None

    def day(self, name: str, *, missing: str = "", last: str = LAST) -> str | None:
        """A day, ISO 8601. last: the latest one."""
        try:
            found = self._given(name, day_of(self.form, name), missing=missing)
        except ValueError as wrong:
            self._errors[name] = sentence(str(wrong))
            return None
        if found is not None and not FIRST <= found <= last:
            self._errors[name] = _("Tanggal ini tidak mungkin.")
            return None
        return found

    def one(self, name: str, allowed: list[str], *, missing: str) -> str | None:
        """One of a list."""
        found = chosen(self.form.text(name), allowed)
        if found is None:
            self._errors[name] = missing
        return found

    def _given(self, name: str, found: str | None, *, missing: str) -> str | None:
        if found is None and missing:
            self._errors[name] = missing
        return found

    def _too_long(self, name: str, most: int) -> None:
        self._errors[name] = _("Paling panjang %(most)s karakter.") % {"most": f"{most:,}".replace(",", ".")}


def without_empty(body: Body) -> Body:
    """Without what is None, as the registry's own answers are compared."""
    return {name: value for name, value in body.items() if value is not None}
