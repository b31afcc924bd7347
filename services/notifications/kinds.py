"""The kinds of documents of this service. Each package's `repositories.py` gives them their models."""

from __future__ import annotations

from services.notifications import audit, upcasts
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import Index, Kind
from shared.storage.erasures.kinds import ERASURE_KINDS

OBLIGATION = Kind(
    "obligation",
    schema=2,
    upcasts={1: upcasts.obligation_from_1},
    indexes=(
        Index(("region", "stands", "deadline")),
        Index(("region", "year")),
        Index(("agency", "year")),
        Index(("region", "year", "status")),
        Index(("stands",)),
        Index(("status",)),
        Index(("year",)),
        Index(("region", "look")),
        Index(("region", "late")),
        Index(("stands", "closes")),
    ),
)

ENTRY = Kind(
    "entry",
    schema=2,
    upcasts={1: upcasts.entry_from_1},
    indexes=(
        Index(("agency", "year", "index.live", "index.first")),
        Index(("agency", "year", "index.group", "index.first")),
        Index(("agency", "year", "index.group", "index.verified")),
        Index(("agency", "year", "index.rank", "index.since")),
        Index(("agency", "here", "status")),
        Index(("region",)),
        Index(("tell",)),
    ),
)
"""The innovations of obligations: one document for each innovation, agency and year."""

KNOWN_REGION = Kind("known_region", indexes=(Index(("behind",)),))
"""behind: 1 while obligations of the region may have been derived from a former version of it."""
KNOWN_AGENCY = Kind("known_agency", indexes=(Index(("region",)),))
KNOWN_DEADLINE = Kind("known_deadline", indexes=(Index(("behind",)),))
"""behind: 1 while unfulfilled obligations of the region's year may not have heard of this version."""
KNOWN_COMMITMENT = Kind("known_commitment", indexes=(Index(("region", "year")),))
"""Id: `<agency>/<year>`."""
KNOWN_ENDPOINT = Kind("known_endpoint", indexes=(Index(("region", "status")),))
KNOWN_QUESTION = Kind(
    "known_question", indexes=(Index(("agency", "opens")), Index(("region", "look")), Index(("region", "asks")))
)
"""What is asked about innovations, and which of their rights end; id: the innovation's. asks: 1 while its agency asks
the curator to withdraw it."""
KNOWN_IDEA = Kind(
    "known_idea", indexes=(Index(("agency", "opens")), Index(("region", "look")), Index(("region", "status")))
)
"""Public ideas; without their texts."""
KNOWN_SCORE = Kind("known_score")
"""Kept by former releases; since then the scores are with the entries."""

CONTACT = Kind(
    "contact",
    schema=5,
    indexes=(
        Index(("role",)),
        Index(("region", "erased", "role")),
        Index(("region", "erased", "closed")),
        Index(("region", "email")),
        Index(("region", "phone")),
        Index(("erased",)),
        Index(("valid_from",)),
        Index(("valid_to",)),
    ),
    upcasts={
        1: upcasts.contact_from_1,
        2: upcasts.contact_from_2,
        3: upcasts.contact_from_3,
        4: upcasts.contact_from_4,
    },
    audit=audit.CONTACT,
)
MEMBERSHIP = Kind("membership", indexes=(Index(("agency",)), Index(("region", "agency"))))
"""Which persons an agency has, and a region: where to look for contacts."""

CONTACT_SUCCESSION = Kind("contact_succession", indexes=(Index(("status",)), Index(("region",))))
"""Agencies whose contacts go on as their successor's; id: the retired agency's."""

CONTACT_IMPORT = Kind(
    "contact_import",
    schema=3,
    indexes=(Index(("status",)),),
    upcasts={1: upcasts.contact_import_from_1, 2: upcasts.contact_import_from_2},
    audit=audit.CONTACT_IMPORT,
)
CONTACT_TABLE = Kind("contact_table", indexes=(Index(("status",)), Index(("region", "at"))), audit=audit.CONTACT_TABLE)
"""Tables of contacts that are being imported: `contacts/imports/document.py`."""

CONTACT_TABLE_REPORT = Kind("contact_table_report", indexes=(Index(("run",)),))
"""What the reports of such imports say. Id: `<import>/<page>`."""

EXEMPTION = Kind(
    "exemption",
    schema=2,
    upcasts={1: upcasts.exemption_from_1},
    indexes=(Index(("region",)), Index(("region", "year", "stands"))),
    audit=audit.EXEMPTION,
)
SECRET = Kind("secret")
"""Keys that this service makes for itself."""


POST = Kind(
    "post",
    schema=5,
    indexes=(Index(("unwritten",)), Index(("region",))),
    upcasts={
        1: upcasts.alert_log_from_1,
        2: upcasts.alert_log_from_2,
        3: upcasts.alert_log_from_3,
        4: upcasts.with_endpoints_from_4,
    },
)
"""The alert logs."""

# Every attempt changes status and due twice: few indexes of the messages have them.
MESSAGE = Kind(
    "message",
    schema=5,
    indexes=(
        Index(("status", "due")),
        Index(("release",)),
        Index(("region", "taken_at")),
        Index(("region", "status", "taken_at")),
        Index(("person",)),
        Index(("taken_at", "due_since")),
        Index(("mail",)),
        Index(("provider_id",)),
        Index(("region", "what_1", "taken_at")),
        Index(("region", "what_2", "taken_at")),
        Index(("region", "through", "taken_at")),
    ),
    upcasts={
        1: upcasts.message_from_1,
        2: upcasts.message_from_2,
        3: upcasts.message_from_3,
        4: upcasts.with_endpoints_from_4,
    },
)
CHANNEL = Kind("channel", schema=2, upcasts={1: upcasts.channel_from_1})
RECEIPT = Kind("receipt", indexes=(Index(("kept_until",)), Index(("applied",))))
"""What providers reported; id: the digest of the status entry."""

BODY = Kind("body", indexes=(Index(("kept_until",)),))
"""Rendered texts, for proof; id: the attempt's."""

PERFORMANCE = Kind("performance")
"""How long hand-overs took; id: the day."""

HOLD = Kind("hold", schema=2, upcasts={1: upcasts.restore_hold_from_1}, audit=audit.HOLD)
"""The restore hold; one document."""

ALERT_POLICY = Kind("alert_policy", audit=audit.ALERT_POLICY)
"""The alert policies of the regions, with their history."""

ALERTING = Kind("alerting", audit=audit.ALERTING)
"""The mode of alerting; one document."""

REMINDER_REQUEST = Kind(
    "reminder_request", indexes=(Index(("region", "day")), Index(("waiting",))), audit=audit.REMINDER_REQUEST
)
"""What curators have asked to be told now. waiting: 1 until a sweep has put it into messages."""

ALERT_COUNT = Kind("alert_count")
"""How many messages each region has put aside for today."""

CHANNEL_NOTICE = Kind("channel_notice", indexes=(Index(("channel", "at")),))
"""What providers told about a channel itself; id: the digest of what was told."""
OFFICE = Kind("office", audit=audit.OFFICE)
"""How messages name the curators' offices; id: the region's code."""

KINDS = (
    ENTRY,
    OBLIGATION,
    KNOWN_REGION,
    KNOWN_AGENCY,
    KNOWN_DEADLINE,
    KNOWN_COMMITMENT,
    KNOWN_ENDPOINT,
    KNOWN_QUESTION,
    KNOWN_IDEA,
    KNOWN_SCORE,
    CONTACT,
    MEMBERSHIP,
    CONTACT_SUCCESSION,
    CONTACT_IMPORT,
    CONTACT_TABLE,
    CONTACT_TABLE_REPORT,
    SECRET,
    EXEMPTION,
    POST,
    MESSAGE,
    CHANNEL,
    HOLD,
    RECEIPT,
    BODY,
    PERFORMANCE,
    ALERT_POLICY,
    ALERTING,
    REMINDER_REQUEST,
    ALERT_COUNT,
    CHANNEL_NOTICE,
    OFFICE,
    *ERASURE_KINDS,
    *AUDIT_KINDS,
)
