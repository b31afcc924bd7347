"""What of scoring's documents belongs to one region, and which catalogues it needs: these are the installation's."""

from __future__ import annotations

from collections.abc import Iterable

from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import (
    AWARD,
    AWARD_IMPORT,
    CATALOGUE_DIGEST,
    COMPETITION,
    FREEZE,
    KNOWN_AGENCY,
    KNOWN_REGION,
    OFFICIAL,
    RANKING_VERSION,
    REGION_INDEX,
    REGION_MARK,
    RESCORE,
    SCORECARD,
    SPD,
)
from shared.ports.audit import AUDIT_NAMES
from shared.ports.store import ID, State
from shared.runtime.regional import Regional, RegionalKind

_KINDS = (
    RegionalKind(SCORECARD.name),  # the marker of a draft is of no region: the draft's event makes it anew
    RegionalKind(KNOWN_REGION.name, ID),
    RegionalKind(KNOWN_AGENCY.name),
    RegionalKind(COMPETITION.name),
    RegionalKind(FREEZE.name),
    RegionalKind(RANKING_VERSION.name, ID, moves=False),
    RegionalKind(SPD.name),
    RegionalKind(REGION_INDEX.name),
    RegionalKind(REGION_MARK.name, ID),  # an index is only replaced by a later claim of its mark
    RegionalKind(RESCORE.name),  # one of all regions stays
    RegionalKind(OFFICIAL.name),
    RegionalKind(AWARD.name),
    RegionalKind(AWARD_IMPORT.name),
)
_SCORED_BY = frozenset({SCORECARD.name, SPD.name})


def regional(catalogues: Catalogues) -> Regional:
    """catalogues: of this installation."""
    return Regional(
        kinds=_KINDS,
        stays=(CATALOGUE_DIGEST.name, *AUDIT_NAMES),
        needs=_needs,
        has={each.name: each.digest for each in catalogues.values()},
    )


def _needs(kind: str, state: State) -> Iterable[str]:
    """The catalogue that it was scored by."""
    catalogue = state.get("catalogue") if kind in _SCORED_BY else None
    return [] if catalogue is None else [catalogue]
