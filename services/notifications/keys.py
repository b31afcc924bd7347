"""Every deduplication key of this service, built from ids and integers, never from formatted dates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid5

from shared.contracts.message import Reason
from shared.contracts.vocabulary import ReasonKind

K = TypeVar("K", str, int, date)

_KEYS = UUID("5f0c6c1e-2b1d-5a7e-9c53-61f0a7d3c412")


def alert_key(reason: Reason, person: str, address_revision: int) -> str:
    """The id of the alert that notifies this person for this reason, at this revision of the contact's addresses. For a
    duty with an empty spell, and address revision 1, it is the id that releases before 0.2 gave; for the address that
    an address revision began with, the id from the time when a revision had only one confirmation."""
    again = (address_revision,) if address_revision > 1 else ()
    return _key("alert", *_reason_parts(reason), person, *again)


def _reason_parts(reason: Reason) -> tuple[str | int, ...]:  # noqa: PLR0911 - one for each kind
    match reason.kind:
        case ReasonKind.DUTY:
            return _duty_parts(reason)
        case ReasonKind.INNOVATION:
            return ("innovation", _set(reason.innovation), _set(reason.turn), reason.what)
        case ReasonKind.CONTACT:
            address = (reason.channel, reason.nth) if reason.nth else ()
            return ("contact", _set(reason.person), _set(reason.person_revision), reason.what, *address)
        case ReasonKind.DEADLINE:
            return ("deadline", reason.region, _set(reason.year), _set(reason.deadline_revision), reason.what)
        case ReasonKind.REPORT:
            return ("report", reason.region, _set(reason.week))
        case ReasonKind.ENDPOINT:
            return ("endpoint", _set(reason.endpoint), _set(reason.times), reason.what)
        case ReasonKind.QUESTION:
            return ("question", _set(reason.innovation), reason.what, _set(reason.times))
        case ReasonKind.IDEA if reason.idea is None:
            return ("ideas", reason.region, _set(reason.day).toordinal(), reason.what)
        case ReasonKind.IDEA:
            return ("idea", reason.idea, reason.what, _set(reason.times))


def _duty_parts(reason: Reason) -> tuple[str | int, ...]:
    agency, year = _set(reason.agency), _set(reason.year)
    if reason.day is not None:  # a curator has asked for it on that day
        return ("duty", reason.region, agency, year, reason.day.toordinal(), reason.what)
    spell = (reason.spell,) if reason.spell else ()
    return (agency, year, _set(reason.deadline_revision), reason.what, *spell)


def _set(value: K | None) -> K:
    if value is None:
        raise ValueError("a reason lacks a field that its kind needs")
    return value


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


def unaddressed_person(region: str, name: str, agencies: Sequence[str]) -> str:
    """The opaque id of an imported person without any address. name: case-folded."""
    return _key("person-without-address", region, name, *sorted(agencies))


def _key(*parts: str | int) -> str:
    return str(uuid5(_KEYS, json.dumps(parts, separators=(",", ":"))))
