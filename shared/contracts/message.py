"""The events about one message to one person. They carry no name, no address and no text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from shared.contracts.contract import Contract, Payload
from shared.contracts.vocabulary import ReasonKind

ON_REQUEST = "on-request"
"""What a reason says of a duty of which a curator has asked to remind the agency now."""


class Reason(Payload):
    """Why somebody is notified.

    what: of a duty its stage (`before-30`, `overdue`, `overdue-8`, `opened-again`), or `on-request`: a curator has
    asked to remind of it now; of an innovation `returned`, `verified`, `scored`; of a contact `confirm`, `unreachable`;
    of a deadline `moved`, `cancelled`, `registry-behind`; of a report `weekly`; of a webhook endpoint
    `endpoint-disabled`; of a question about an innovation `follow-up`, `follow-up-lapsed`, `right-ends`,
    `staff-leaves`, `withdrawal-asked`, `withdrawal-declined`, `withdrawn`; of public ideas `ideas-received`,
    `idea-handed-over`. Set are: for a duty agency, year, deadline_revision and spell (empty, or what opened the
    fulfilled duty again), for `on-request` agency, year and day: the local day of the request; for an innovation
    agency, year, innovation and turn; for a contact person and person_revision; for a deadline year and
    deadline_revision; for a report week (`2027-W01`, ISO 8601); for an endpoint its id, and times: its n-th disabling;
    for a question agency (but for `withdrawal-asked`), year, innovation, and times: its n-th; for ideas year and day:
    the local day on which they came in, or agency, year, idea, and times: its n-th hand-over. For `confirm` also
    channel (`email`, `whatsapp`) and nth: which of the contact's addresses on that channel it is, counted from 1, or 0
    for the one that its address revision began with; person_revision is the one at which that address was entered.
    """

    kind: ReasonKind
    what: str
    region: str
    agency: str | None = None
    year: int | None = None
    deadline_revision: int | None = None
    spell: str = ""
    innovation: str | None = None
    turn: int | None = None
    person: str | None = None
    person_revision: int | None = None
    channel: str = ""
    nth: int = 0
    week: str | None = None
    endpoint: str | None = None
    times: int | None = None
    idea: str | None = None
    day: date | None = None


class Alert(Payload):
    """A reason for one person. id: uuid5 of reason, person and address revision; address_revision: of the contact, for
    `confirm` the one at which the address was entered."""

    id: str
    address_revision: int = Field(default=1, ge=1)
    reason: Reason


class AlertState(Payload):
    """person: opaque; number: the n of `message/<person>/<n>`; channel: of the last attempt; attempts: how many were
    started; possibly_repeated: an attempt was in progress at a crash and was made once more; code: of a failure, a
    stable slug or the provider's code."""

    person: str
    number: int
    region: str
    alerts: tuple[Alert, ...]
    channel: str
    attempts: int
    possibly_repeated: bool = False
    settled_at: datetime
    code: str | None = None


def alert_from_1(alert: dict[str, Any], region: str) -> dict[str, Any]:
    """An alert as version 1 wrote it: always about a duty, and to the contact's first address."""
    names = ("agency", "year", "deadline_revision")
    reason = {"kind": "duty", "what": alert["stage"], "region": region, **{name: alert[name] for name in names}}
    return {"id": alert["id"], "reason": reason}


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "alerts": [alert_from_1(each, data["region"]) for each in data["alerts"]]}


class AlertSent(AlertState):
    """The provider accepted a message: the proof of hand-over."""


ALERT_SENT = Contract(
    type="alert.sent",
    subject="message",
    source="notifications",
    payload=AlertSent,
    means="The provider accepted a message: the proof of hand-over.",
    version=2,
    lifts={1: _from_1},
)


class AlertFailed(AlertState):
    """A message did not reach the person and is not tried again; it may have been accepted before (a bounce)."""


ALERT_FAILED = Contract(
    type="alert.failed",
    subject="message",
    source="notifications",
    payload=AlertFailed,
    means="A message did not reach the person and is not tried again; it may have been accepted before.",
    version=2,
    lifts={1: _from_1},
)
