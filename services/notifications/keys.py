"""Every deduplication key of this service, built from ids and integers, never from formatted dates."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

_KEYS = UUID("5f0c6c1e-2b1d-5a7e-9c53-61f0a7d3c412")


def alert_key(person: str, agency: str, year: int, deadline_revision: int, stage: str) -> str:
    """The id of the alert that reminds this person for this reason."""
    return _key("alert", agency, year, deadline_revision, stage, person)


def mail_key(person: str, number: int, taken_at: int) -> str:
    """The id in the mail's `Message-ID`. taken_at: machine milliseconds at which the alert log took the message, so
    that a number that is reused after a restore gives another id."""
    return _key("mail", person, number, taken_at)


def import_key(account: str, idempotency_key: str) -> str:
    """The id of a contact import."""
    return _key("contact-import", account, idempotency_key)


def imported_person(import_id: str, line: int) -> str:
    """The opaque id of the person on line `line` of an import."""
    return _key("person", import_id, line)


def _key(*parts: str | int) -> str:
    return str(uuid5(_KEYS, json.dumps(parts, separators=(",", ":"))))
