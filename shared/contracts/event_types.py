"""All event types, and how to decode an event of any type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pydantic import ValidationError, create_model

from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED
from shared.contracts.commitment import COMMITMENT_SIGNED
from shared.contracts.contract import AnyContract, Payload, read
from shared.contracts.deadline import DEADLINE_PASSED
from shared.contracts.endpoint import ENDPOINT_CHANGED
from shared.contracts.event import Envelope, Event
from shared.contracts.idea import IDEA_CHANGED
from shared.contracts.innovation import (
    INNOVATION_DRAFTED,
    INNOVATION_RETURNED,
    INNOVATION_SUBMITTED,
    INNOVATION_VERIFIED,
    INNOVATION_WITHDRAWN,
)
from shared.contracts.message import ALERT_FAILED, ALERT_SENT
from shared.contracts.obligation import OBLIGATION_EXEMPTED, OBLIGATION_FULFILLED, OBLIGATION_OPENED, OBLIGATION_OVERDUE
from shared.contracts.region import REGION_REGISTERED
from shared.contracts.region_index import REGION_INDEXED
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.faults import Flaw, Invalid, Unreadable

EventClass = type[Event]

CONTRACTS: dict[str, AnyContract] = {
    contract.type: contract
    for contract in (
        REGION_REGISTERED,
        AGENCY_REGISTERED,
        AGENCY_RETIRED,
        INNOVATION_DRAFTED,
        INNOVATION_SUBMITTED,
        INNOVATION_RETURNED,
        INNOVATION_VERIFIED,
        INNOVATION_WITHDRAWN,
        DEADLINE_PASSED,
        COMMITMENT_SIGNED,
        IDEA_CHANGED,
        INNOVATION_SCORED,
        REGION_INDEXED,
        OBLIGATION_OPENED,
        OBLIGATION_FULFILLED,
        OBLIGATION_OVERDUE,
        OBLIGATION_EXEMPTED,
        ALERT_SENT,
        ALERT_FAILED,
        ENDPOINT_CHANGED,
    )
}

OPEN_SUBJECTS: frozenset[str] = frozenset(each.subject for each in CONTRACTS.values()) - {"message", "idea"}
"""The kinds of subject that other systems may follow, and that the feed keeps: all but the messages to people, and the
ideas of the public, which are the region's own business."""

NO_BRIEFS: Mapping[str, type[Payload]] = MappingProxyType({})


@dataclass(frozen=True)
class OwnedSubject:
    """A subject in its parts: the kind and the id of a document of a service."""

    subject: str
    service: str
    kind: str
    id: str


def owned(subject: str) -> OwnedSubject:
    """The parts of a subject, such as `innovation/<id>`. Raises Invalid for one of no known kind."""
    kind, _, id = subject.partition("/")
    service = next((each.source for each in CONTRACTS.values() if each.subject == kind), None)
    if service is None or not id:
        known = ", ".join(sorted({f"{each.subject}/…" for each in CONTRACTS.values()}))
        raise Invalid([Flaw("subject", "unknown", f"{subject!r} is not one of {known}")])
    return OwnedSubject(subject, service, kind, id)


def types_of(*subjects: str) -> frozenset[str]:
    """Every type about these kinds of subject."""
    return frozenset(contract.type for contract in CONTRACTS.values() if contract.subject in subjects)


def types_from(source: str) -> frozenset[str]:
    """Every type that this service may publish."""
    return frozenset(contract.type for contract in CONTRACTS.values() if contract.source == source)


def decode_event(body: bytes, briefs: Mapping[str, type[Payload]] = NO_BRIEFS) -> tuple[Event, Payload]:
    """Decode bytes from the bus into an event and its payload. The event's own `data` are one or the other form of
    them. briefs: event type → the class with those of its fields that are wanted; without one, all. Raises Unreadable,
    NewerSchema."""
    event = _in_one_pass(body, briefs) or Event.decode(body)
    contract = CONTRACTS.get(event.type)
    if contract is None:
        raise Unreadable(f"unknown type {event.type!r}")
    _require_owner(event, contract)
    if event.id != f"{event.subject}/{event.sequence}":
        raise Unreadable(f"id {event.id!r} is not subject and sequence")
    payload: object = event.data
    return event, payload if isinstance(payload, Payload) else read(contract, event, briefs.get(event.type))


def decode_envelope(body: bytes) -> Envelope:
    """Decode the envelope of an event and leave its payload unread: of any type, also one that a newer release has
    added, and in any version of its schema. Raises Unreadable."""
    event = Envelope.decode(body)
    contract = CONTRACTS.get(event.type)
    if contract is not None:
        _require_owner(event, contract)
    if event.id != f"{event.subject}/{event.sequence}":
        raise Unreadable(f"id {event.id!r} is not subject and sequence")
    _ = event.version
    return event


def _require_owner(event: Event, contract: AnyContract) -> None:
    if not event.subject.startswith(f"{contract.subject}/") or event.source != f"/{contract.source}":
        raise Unreadable(f"{event.type} about {event.subject!r} from {event.source!r}")


_TYPE = re.compile(rb'"type":"([a-z.]+)"')
_HEAD = 400  # bytes in which the bytes of our own producers have the type


def _in_one_pass(body: bytes, briefs: Mapping[str, type[Payload]]) -> Event | None:
    """The event with its payload as `data`, validated straight from the bytes; None when that does not work, also
    because something is wrong: what, `Event.decode` and `read` tell."""
    named = _TYPE.search(body, 0, _HEAD)
    contract = CONTRACTS.get(named[1].decode()) if named else None
    if contract is None:
        return None
    try:
        event = _whole(briefs.get(contract.type, contract.payload)).model_validate_json(body, extra="ignore")
    except ValidationError:
        return None
    return event if (event.type, event.dataschema) == (contract.type, contract.urn) else None


@cache
def _whole(payload: type[Payload]) -> EventClass:
    """The class of the events with that payload."""
    return create_model(f"{payload.__name__} whole", __base__=Event, data=(payload, ...))
