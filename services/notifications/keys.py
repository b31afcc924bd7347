"""TODO"""

from __future__ import annotations

import json
from uuid import UUID, uuid5

_KEYS = UUID("5f0c6c1e-2b1d-5a7e-9c53-61f0a7d3c412")


def mail_key(person: str, number: int, taken_at: int) -> str:
    """The message's id as a mail knows it. taken_at: machine milliseconds at which the post took the message, so that a
    number that comes again after a restore is another mail."""
    return _key("mail", person, number, taken_at)


def import_key(account: str, idempotency_key: str) -> str:
    """The id of a contact import."""
    return _key("contact-import", account, idempotency_key)


def imported_person(import_id: str, line: int) -> str:
    """The opaque id of the person whom line `line` of an import brings."""
    return _key("person", import_id, line)


def _key(*parts: str | int) -> str:
    return str(uuid5(_KEYS, json.dumps(parts, separators=(",", ":"))))
