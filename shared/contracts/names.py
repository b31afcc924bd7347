"""When two names are one. Pure."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """The name without case, diacritics and superfluous blanks: equal for two names that are one."""
    signs = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in signs if not unicodedata.combining(sign)).casefold().split())
