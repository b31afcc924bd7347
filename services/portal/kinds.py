"""The kinds of documents that the portal stores. Each package brings its own `KINDS`; here they are joined."""

from __future__ import annotations

from services.portal.accounts.kinds import KINDS as ACCOUNT_KINDS
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import Kind
from shared.storage.erasures.kinds import ERASURE_KINDS

KINDS: tuple[Kind, ...] = (*ACCOUNT_KINDS, *ERASURE_KINDS, *AUDIT_KINDS)
