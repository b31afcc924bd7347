"""What becomes of a curator's request for one agency."""

from __future__ import annotations

from enum import StrEnum

from services.notifications.obligations.obligation import ObligationPhase


class Outcome(StrEnum):
    """TELL: its people are told. All others are why nobody is: ASKED: somebody asked for it today already, and it
    waits; TOLD: everybody concerned was told of this duty today; FULFILLED, EXEMPTED: nothing is owed; WAITING: its
    innovation waits for the curator; REGISTRY: the deadline has passed, and it is not known yet what was submitted in
    time; NO_CONTACT, CLOSED, UNDELIVERED: nobody can be reached, as in the due list; RETIRED: the agency exists no
    more; NO_DUTY: there is no duty of that year, or a fact about it is missing; UNKNOWN: this service has not heard of
    such an agency."""

    TELL = "tell"
    ASKED = "asked-today"
    TOLD = "told-today"
    FULFILLED = "fulfilled"
    EXEMPTED = "exempted"
    WAITING = "waiting"
    REGISTRY = "registry"
    NO_CONTACT = "no-contact"
    CLOSED = "closed"
    UNDELIVERED = "undelivered"
    RETIRED = "retired"
    NO_DUTY = "no-duty"
    UNKNOWN = "unknown"


OF_PHASE = {
    ObligationPhase.FULFILLED: Outcome.FULFILLED,
    ObligationPhase.EXEMPTED: Outcome.EXEMPTED,
    ObligationPhase.WAITING: Outcome.WAITING,
    ObligationPhase.REGISTRY: Outcome.REGISTRY,
    ObligationPhase.UNKNOWN: Outcome.NO_DUTY,
}
"""Why nobody is told of a duty in that phase. Of the others somebody is."""
