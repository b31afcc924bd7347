"""Who is told of a reason: the first role of an agency that can be reached, or the people of a region. Pure.

All reachable persons of a role are told. Two contacts with one address are one reader: the first of them is told. An
address to which a message of this reason may not have arrived counts as closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.notifications.contacts.contact import Contact
from services.notifications.messages.alert_log import NEVER_SENT, AlertLog
from shared.contracts.message import Reason


@dataclass(frozen=True)
class Person:
    """A contact with its alert log; sequence: of the contact's document; log: None before the first message;
    log_sequence: of the log's document."""

    id: str
    sequence: int
    contact: Contact
    log: AlertLog | None = None
    log_sequence: int = 0


@dataclass(frozen=True)
class Choice:
    """who: those to be told, unless they were; unless_done: messages (person, number) of people who cannot be reached
    any more: if one of them is done, the reason is told and nobody else is told of it."""

    who: tuple[Person, ...]
    unless_done: tuple[tuple[str, int], ...] = ()


def choose(reason: Reason, roles: Sequence[str], people: Iterable[Person], day: date) -> Choice:
    """Whom of an agency to tell on the local day `day`. roles: in the order in which they are told."""
    everybody = sorted(people, key=lambda each: each.id)
    passed_over: list[tuple[str, int]] = []
    for role in roles:
        of_role = [each for each in everybody if each.contact.role == role]
        reachable = tuple(_one_reader(_reachable(of_role, reason, day), day))
        if reachable:
            return Choice(reachable, tuple(passed_over))
        passed_over += _messages(of_role, reason)
    return Choice((), tuple(passed_over))


def all_of(roles: Sequence[str], people: Iterable[Person], day: date) -> tuple[Person, ...]:
    """Everybody of these roles who can be reached on that day."""
    chosen = sorted((each for each in people if each.contact.role in roles), key=lambda each: each.id)
    return tuple(_one_reader((each for each in chosen if can_be_reached(each.contact, day)), day))


def why_nobody(people: Iterable[Person], day: date) -> str:
    """Why an agency has nobody who can be told: `no-contact`, `closed`: every address is, or `undelivered`."""
    present = [each.contact for each in people if not each.contact.erased and each.contact.valid_on(day)]
    if any(each.channels(day) for each in present):
        return "undelivered"
    return "closed" if any(each.closed for each in present) else "no-contact"


def can_be_reached(contact: Contact, day: date) -> bool:
    """Whether the contact holds its role on that day and has an open address."""
    return not contact.erased and bool(contact.channels(day))


def _reachable(people: Iterable[Person], reason: Reason, day: date) -> Iterator[Person]:
    return (each for each in people if can_be_reached(each.contact, day) and not _undelivered(each, reason))


def _undelivered(person: Person, reason: Reason) -> bool:
    revision = person.contact.address_revision
    logged = person.log.of_reason(reason) if person.log else []
    return any(each.undelivered and each.address_revision == revision for each in logged)


def _messages(people: Iterable[Person], reason: Reason) -> Iterator[tuple[str, int]]:
    """The messages that told, or were to tell, these people of the reason."""
    for person in people:
        for each in person.log.of_reason(reason) if person.log else []:
            yield person.id, each.message


def _one_reader(people: Iterable[Person], day: date) -> Iterator[Person]:
    read: set[str] = set()
    for person in people:
        contact = person.contact
        address = contact.address(contact.channels(day)[0]).casefold()
        if address not in read:
            read.add(address)
            yield person


def was_discarded(message: tuple[str, int]) -> bool:
    """Whether an operator decided after a restore that the alert is never sent: it counts as told."""
    return message[1] == NEVER_SENT
