"""What of this service's documents belongs to one region. Channels, keys and the mode are the installation's; receipts
go to the installation that the provider knows."""

from __future__ import annotations

from services.notifications.kinds import (
    ALERT_COUNT,
    ALERT_POLICY,
    ALERTING,
    BODY,
    CHANNEL,
    CHANNEL_NOTICE,
    CONTACT,
    CONTACT_IMPORT,
    CONTACT_SUCCESSION,
    CONTACT_TABLE,
    CONTACT_TABLE_REPORT,
    ENTRY,
    EXEMPTION,
    HOLD,
    KNOWN_AGENCY,
    KNOWN_COMMITMENT,
    KNOWN_DEADLINE,
    KNOWN_ENDPOINT,
    KNOWN_IDEA,
    KNOWN_QUESTION,
    KNOWN_REGION,
    KNOWN_SCORE,
    MEMBERSHIP,
    MESSAGE,
    OBLIGATION,
    OFFICE,
    PERFORMANCE,
    POST,
    RECEIPT,
    REMINDER_REQUEST,
    SECRET,
)
from shared.ports.audit import AUDIT_NAMES
from shared.ports.store import ID
from shared.runtime.regional import Regional, RegionalKind
from shared.storage.erasures.kinds import ERASURE, ERASURE_LIST

REGIONAL = Regional(
    kinds=(
        RegionalKind(ENTRY.name),
        RegionalKind(OBLIGATION.name),
        RegionalKind(KNOWN_REGION.name, ID),
        RegionalKind(KNOWN_AGENCY.name),
        RegionalKind(KNOWN_DEADLINE.name, ID),
        RegionalKind(KNOWN_COMMITMENT.name),
        RegionalKind(KNOWN_ENDPOINT.name),
        RegionalKind(KNOWN_QUESTION.name),
        RegionalKind(KNOWN_IDEA.name),
        RegionalKind(CONTACT.name),
        RegionalKind(MEMBERSHIP.name),
        RegionalKind(CONTACT_SUCCESSION.name),
        RegionalKind(CONTACT_IMPORT.name),
        RegionalKind(CONTACT_TABLE.name),
        RegionalKind(CONTACT_TABLE_REPORT.name, "run", owner=CONTACT_TABLE.name),
        RegionalKind(EXEMPTION.name),
        RegionalKind(POST.name),
        RegionalKind(MESSAGE.name),
        RegionalKind(BODY.name, "person", owner=CONTACT.name),
        RegionalKind(REMINDER_REQUEST.name),
        RegionalKind(ALERT_POLICY.name, ID),
        RegionalKind(ALERT_COUNT.name, ID),
        RegionalKind(OFFICE.name, ID),
        RegionalKind(ERASURE.name, moves=False),
    ),
    stays=(
        *AUDIT_NAMES,  # what was done here was done here
        KNOWN_SCORE.name,  # of former releases; the scorecards' events bring it again
        SECRET.name,
        CHANNEL.name,
        HOLD.name,
        RECEIPT.name,
        PERFORMANCE.name,
        ALERTING.name,
        CHANNEL_NOTICE.name,
        ERASURE_LIST.name,
    ),
)
