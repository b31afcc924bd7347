"""TODO"""

from __future__ import annotations

from dataclasses import dataclass

from services.scoring.ranking.competition import CompetitionOutcome, Terms, outcome
from services.scoring.ranking.entrants import Entrants
from services.scoring.ranking.freeze import CatalogueUsed, Frozen, whole_year
from services.scoring.ranking.ranking import Measure, Place
from services.scoring.ranking.store import Seen
from shared.auth.policy import Principal, Role
from shared.faults import Forbidden


@dataclass(frozen=True)
class Stood:
    """A live ranking. last: the freeze that it is compared with."""

    places: tuple[Place, ...]
    catalogues: tuple[CatalogueUsed, ...]
    last: Frozen | None


def require_measure(who: Principal, measure: Measure, region: str | None) -> None:
    """Raise Forbidden unless the asker may see results by this measure in this region (None: everywhere)."""
    if measure is Measure.VERIFIED or who.role is Role.OPERATOR:
        return
    inside = who.role in {Role.CURATOR, Role.EXECUTIVE} and region is not None and who.may_see_region(region)
    if not inside:
        raise Forbidden("Perkiraan dari klaim hanya untuk kurator dan pimpinan daerahnya sendiri.")


def _outcome(seen: Seen | None, found: Entrants, zone: str) -> CompetitionOutcome:
    if seen is None:
        return whole_year(found.entries)
    terms: Terms = seen.it.terms
    return outcome(terms, found.entries, zone, seen.it.marks)
