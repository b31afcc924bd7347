"""What of the read model belongs to one region: all of it but the mark. It is made of what the owners owe."""

from __future__ import annotations

from services.portal.model.kinds import (
    BOARD,
    CATALOGUE,
    INNOVATION,
    KNOWN_AGENCY,
    KNOWN_REGION,
    MESSAGE,
    MODEL_MARK,
    SUMMARY,
    WORD,
)
from shared.ports.store import ID
from shared.runtime.regional import RegionalKind

REGIONAL_KINDS = (
    RegionalKind(KNOWN_REGION.name, ID, moves=False),
    RegionalKind(KNOWN_AGENCY.name, moves=False),
    RegionalKind(INNOVATION.name, moves=False),
    RegionalKind(CATALOGUE.name, "innovation.region", moves=False),
    RegionalKind(WORD.name, "innovation", owner=CATALOGUE.name, moves=False),
    RegionalKind(BOARD.name, "home", moves=False),
    RegionalKind(SUMMARY.name, moves=False),
    RegionalKind(MESSAGE.name, moves=False),
)
STAYS = (MODEL_MARK.name,)
