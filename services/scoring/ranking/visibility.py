"""Who sees results by which measure."""

from __future__ import annotations

from services.scoring.ranking.entry import Measure
from services.scoring.scorecard.visibility import sees_unverified
from shared.auth.policy import Principal
from shared.faults import Forbidden


def require_measure(who: Principal, measure: Measure, region: str | None) -> None:
    """Raise Forbidden unless the account may see results by this measure in this region (None: everywhere)."""
    if measure is Measure.VERIFIED:
        return
    if region is None or not sees_unverified(who, region):
        raise Forbidden("Perkiraan dari klaim hanya untuk kurator dan pimpinan daerahnya sendiri.")
