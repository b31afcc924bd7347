"""The kinds of documents of accounts. Accounts and invitations are owned, so they are in backups; sessions, links and
locks are not: a restore must bring back no session that had ended."""

from __future__ import annotations

from shared.ports.audit_rule import AuditRule
from shared.ports.store import Index, Kind

ACCOUNT = Kind(
    "account",
    indexes=(Index(("status",)), Index(("region", "status")), Index(("region", "role", "status"))),
    audit=AuditRule(
        shown=("role", "region", "agencies", "status", "factor_since", "generation", "by"),
        left_out=frozenset({"created_at", "last_seen", "language", "second_factor"}),
    ),
)
ADDRESS = Kind("account_address", indexes=(Index(("account",)),))
"""Id: the digest of an e-mail address; whose it is."""

INVITATION = Kind(
    "invitation",
    indexes=(Index(("status",)), Index(("region", "status")), Index(("mail.due",)), Index(("until",))),
    audit=AuditRule(
        shown=("role", "region", "agencies", "status", "turn"),
        left_out=frozenset({"created_at", "created_by_body", "by", "turned_by", "digest", "mail", "until"}),
    ),
)
SESSION = Kind("session", indexes=(Index(("account", "begun_at")), Index(("step", "begun_at")), Index(("until",))))
"""Id: the SHA-256 of the cookie."""

RESET = Kind("password_reset", indexes=(Index(("mail.due",)), Index(("until",))))
"""Id: the account's."""

LOCK = Kind("sign_in_lock", indexes=(Index(("at",)),))
"""Id: a keyed digest of an address."""

KINDS = (ACCOUNT, ADDRESS, INVITATION, SESSION, RESET, LOCK)
PASSING = (SESSION.name, RESET.name, LOCK.name)
"""In no backup, and erased by a restore: everybody signs in again."""
