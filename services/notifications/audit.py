"""What of the documents of notifications the audit log shows. Of a person it never shows a name or an address; what was
sent is recorded by messages themselves."""

from __future__ import annotations

from shared.ports.audit_rule import AuditRule

_WHO = frozenset({"by", "created_by_body"})

CONTACT = AuditRule(
    shown=(
        "region",
        "agencies",
        "role",
        "preferred",
        "email_closed",
        "phone_closed",
        "email_confirmed",
        "phone_confirmed",
        "address_revision",
        "valid_from",
        "valid_to",
        "notice",
        "consent_whatsapp",
        "own",
        "erased",
    ),
    left_out=_WHO | {"email_record", "phone_record", "reachable", "closed", "mark"},
)

CONTACT_IMPORT = AuditRule(
    shown=("region", "status"),
    left_out=_WHO | {"body", "rows", "next", "people", "created", "updated", "landlines"},
)

CONTACT_TABLE = AuditRule(
    shown=("region", "dry_run", "status", "at"),
    left_out=_WHO
    | {"body", "until", "rows", "place", "created", "updated", "unchanged", "errors", "notes", "waiting"}
    | {"finished_at"},
)

EXEMPTION = AuditRule(
    shown=("agency", "region", "year", "decree", "decree_date", "stands", "lifts", "lifted_at"), left_out=_WHO
)

ALERT_POLICY = AuditRule(shown=("region", "revisions"))

ALERTING = AuditRule(shown=("mode", "stopped"), left_out=_WHO | {"since"}, region="")

REMINDER_REQUEST = AuditRule(shown=("region", "year", "day", "agencies"), left_out=_WHO | {"at", "waiting"})

HOLD = AuditRule(shown=("active", "backup_at", "restored_at", "regions"), region="")

OFFICE = AuditRule(shown=("region", "name"), left_out=_WHO)
