"""Forms: the fields of a body, and what is wrong with them, by field.

The guard reads a plain form before the route runs and checks its secret; a route takes it with `form_of(request)`.
A form with files is read by `services.portal.pages.upload`; its route is declared with `**FILE_FORM`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.portal.pages.language import N_, _
from shared.faults import Flaw, Invalid

FORM_KEY = "satu.portal.form"
"""The key in a request's ASGI scope of its Form."""

MEDIA_TYPE = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 2_000

FILE_FORM: dict[str, Any] = {
    "openapi_extra": {"requestBody": {"required": True, "content": {MULTIPART: {"schema": {"type": "object"}}}}}
}
"""Options of a route whose form has a file: `@post("/unggah", Role.AGENCY, **FILE_FORM)`."""


OUT_OF_DATE = N_(
    "Formulir ini dikirim dari halaman lain, atau sudah terlalu lama terbuka. Kembali, muat ulang, lalu kirim lagi."
)
_PLACE = re.compile(r"(\.\d+)+$")  # of an item in a list
_OF_THE_FORM = ("If-Match", "Idempotency-Key")


class Form:
    """The fields of a form, in their order; a name may come several times."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields = [(name, _clean(value)) for name, value in fields]

    def text(self, name: str, default: str = "") -> str:
        """A field without space around it; its last value, if it came several times."""
        return next((value.strip() for key, value in reversed(self._fields) if key == name), default)

    def raw(self, name: str) -> str:
        """A field as it was typed, with the space around it: a password."""
        return next((value for key, value in reversed(self._fields) if key == name), "")

    def texts(self, name: str) -> list[str]:
        """All values of a name that are not empty: of checkboxes."""
        return [value.strip() for key, value in self._fields if key == name and value.strip()]

    def has(self, name: str) -> bool:
        """Whether the form has the field, with any value: a checkbox, or the button that was pressed."""
        return any(key == name for key, _ in self._fields)

    def values(self) -> dict[str, str]:
        """Name → last value, to show the form again."""
        return {name: value for name, value in self._fields if name != "csrf"}

    def under(self, prefix: str) -> dict[str, str]:
        """`<prefix>.<rest>` → value, by the rest: of rows, and of groups."""
        start = f"{prefix}."
        return {name.removeprefix(start): value.strip() for name, value in self._fields if name.startswith(start)}


class Errors(dict[str, str]):
    """What is wrong with a form: field → sentence. The name of a field is also its id on the page."""

    def require(self, form: Form, *names: str, sentence: str = "") -> None:
        """Each of these fields must be filled in."""
        for name in names:
            if not form.text(name):
                self.setdefault(name, sentence or _("Wajib diisi."))

    def add_flaws(self, flaws: Iterable[Flaw | Mapping[str, str]], names: Mapping[str, str] | None = None) -> None:
        """What an owner or a rule found. names: path of a flaw → field of the form, where they differ; a flaw of an
        unknown path goes to the path's last part that is a name, one of a hidden field to the form as a whole."""
        for flaw in flaws:
            path, message = (flaw.field, flaw.message) if isinstance(flaw, Flaw) else (flaw["field"], flaw["message"])
            if path in _OF_THE_FORM:
                self.setdefault("", _(OUT_OF_DATE))
                continue
            whole = _PLACE.sub("", path)
            field = (names or {}).get(path) or (names or {}).get(whole) or whole.rpartition(".")[2] or path
            self.setdefault(field, sentence(message))


def sentence(text: str) -> str:
    """A flaw's words as a sentence: with a capital letter and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")


def form_of(request: Request) -> Form:
    """The form of a request, which the guard has read."""
    form: Form = request.scope[FORM_KEY]
    return form


def parsed(body: bytes) -> Form:
    """The fields of a urlencoded body. Raises Invalid for one with too many fields."""
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Invalid([Flaw("body", "too-many", "terlalu banyak isian")]) from None
    return Form(pairs)


def chosen(value: str, allowed: Sequence[str]) -> str | None:
    """The value, if it is one of these."""
    return value if value in allowed else None


def _clean(value: str) -> str:
    """Line ends as of Unix, and no NUL, which stores refuse."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
