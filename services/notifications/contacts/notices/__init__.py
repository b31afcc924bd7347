"""The texts that a person whose data is entered is given, by version: `notice-<version>.txt` says what is stored and
why, `whatsapp-<version>.txt` is what the person agrees to. A text that was ever in use stays and is never changed; a
new one is a new version."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

NOTICE, WHATSAPP = "notice", "whatsapp"


@cache
def texts(subject: str) -> dict[str, str]:
    """Version → text, oldest first. subject: NOTICE or WHATSAPP."""
    found = {
        each.name.removeprefix(f"{subject}-").removesuffix(".txt"): each.read_text(encoding="utf-8")
        for each in files(__package__).iterdir()
        if each.name.startswith(f"{subject}-")
    }
    return dict(sorted(found.items()))


def current(subject: str) -> str:
    """The version to give to a person today."""
    return list(texts(subject))[-1]
