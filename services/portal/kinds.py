"""The kinds of documents that the portal stores. Each package brings its own `KINDS`; here they are joined."""

from __future__ import annotations

from services.portal.model.kinds import KINDS as MODEL_KINDS
from services.portal.model.kinds import REBUILT as MODEL_REBUILT
from shared.ports.store import Kind

KINDS: tuple[Kind, ...] = (*MODEL_KINDS,)

REBUILT = MODEL_REBUILT
"""Kinds that are not in a backup: a resync of the owners brings them back."""
