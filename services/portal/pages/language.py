"""The language of a page, by gettext: the message ids are the sentences in Bahasa Indonesia, English is a catalogue.

`_("…")` translates where a request is answered; N_("…") marks a sentence of a constant, which `_` translates later.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT = "id"
NAMES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""The languages, each by its own name."""

COOKIE = "bahasa"
LOCALE = Path(__file__).parents[1] / "locale"

_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def current() -> str:
    """The code of the language in which the request is answered."""
    return _current.get()


@contextmanager
def speaking(*wishes: str | None) -> Iterator[None]:
    """Answer in the first of these languages that exists, else in Bahasa Indonesia."""
    token = _current.set(next((each for each in wishes if each is not None and each in NAMES), DEFAULT))
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str) -> str:
    """The sentence in the language of the request."""
    return translations(current()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The sentence that fits the number."""
    return translations(current()).ngettext(singular, plural, number)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """The sentence as it is: marks it for the catalogue."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """A language's catalogues, merged; without any, the sentences as they are."""
    merged: NullTranslations | None = None
    for file in catalogues(language):
        compiled = io.BytesIO()
        write_mo(compiled, read(file))
        compiled.seek(0)
        found = GNUTranslations(compiled)
        if merged is None:
            merged = found
        else:
            merged._catalog.update({key: text for key, text in found._catalog.items() if key})  # type: ignore[attr-defined]  # noqa: SLF001 - gettext has no other way
    return merged or NullTranslations()


def catalogues(language: str) -> list[Path]:
    """The files of a language: one for each package of the portal."""
    return sorted((LOCALE / language).glob("*.po"))


def read(file: Path) -> Catalog:
    """A catalogue."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parent.name, domain=file.stem)


@cache
def complete(language: str) -> bool:
    """Whether every sentence is translated: only then is the language offered."""
    if language == DEFAULT:
        return True
    found = [read(file) for file in catalogues(language)]
    return bool(found) and all(
        is_translated(each) and not each.fuzzy for catalog in found for each in catalog if each.id
    )


def is_translated(message: Message) -> bool:
    """Whether a message has a translation, of a plural in every form."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(forms)
