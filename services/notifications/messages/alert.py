"""An alert: one reason to notify one person, at one revision of the person's addresses. Pure."""

from __future__ import annotations

from services.notifications.keys import alert_key
from shared.contracts.message import Alert, Reason


def alert_of(reason: Reason, person: str, address_revision: int) -> Alert:
    """The alert that tells `person` of `reason`. address_revision: of the contact. What is about one of the person's
    own addresses is told once for that address, whatever becomes of the others."""
    if reason.person == person and reason.person_revision is not None:
        address_revision = reason.person_revision
    return Alert(id=alert_key(reason, person, address_revision), address_revision=address_revision, reason=reason)
