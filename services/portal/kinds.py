"""The kinds of documents that the portal stores. Each package brings its own `KINDS`; here they are joined."""

from __future__ import annotations

from services.portal.accounts.kinds import KINDS as ACCOUNT_KINDS
from services.portal.accounts.kinds import PASSING
from services.portal.model.kinds import KINDS as MODEL_KINDS
from services.portal.model.kinds import REBUILT as MODEL_REBUILT
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import Kind
from shared.storage.erasures.kinds import ERASURE_KINDS

KINDS: tuple[Kind, ...] = (*MODEL_KINDS, *ACCOUNT_KINDS, *ERASURE_KINDS, *AUDIT_KINDS)

REBUILT = (*MODEL_REBUILT, *PASSING)
"""Kinds that are not in a backup: a resync of the owners brings the read model back, and people sign in again."""
