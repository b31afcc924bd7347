"""The kinds of documents of webhook endpoints. All of them are in backups, with the secrets."""

from __future__ import annotations

from shared.ports.audit import AUDIT_KINDS
from shared.ports.audit_rule import AuditRule
from shared.ports.store import Index, Kind

ENDPOINT = Kind(
    "endpoint",
    indexes=(Index(("serving",)), Index(("region", "serving"))),
    audit=AuditRule(
        shown=("region", "subjects", "serving", "since", "times", "cause"),
        left_out=frozenset({"changed_at", "by", "created_at", "created_by_body"}),
    ),
)
PROGRESS = Kind("endpoint_progress")
"""id: the endpoint's."""

DELIVERY = Kind("delivery", indexes=(Index(("endpoint", "number")), Index(("at",))))
"""The log, a ring for each endpoint."""

KINDS = (ENDPOINT, PROGRESS, DELIVERY, *AUDIT_KINDS)
