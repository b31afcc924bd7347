"""Personal data as lists show it (UU 27/2022): enough to recognise, not enough to use."""

from __future__ import annotations

HIDDEN = "•••"


def masked_name(name: str) -> str:
    """`B••• S•••`."""
    return " ".join(_first(word) for word in name.split())


def masked_email(email: str) -> str:
    """`b•••@dinas.example`."""
    local, _, domain = email.rpartition("@")
    return f"{_first(local)}@{domain}"


def masked_phone(phone: str) -> str:
    """`+62•••78`."""
    return f"{phone[:3]}{HIDDEN}{phone[-2:]}"


def _first(word: str) -> str:
    return f"{word[:1]}{HIDDEN}"
