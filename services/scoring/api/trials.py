"""Route `/what-if/scorecard`: the scorecard that a draft would have. Nothing is stored.

What is entered travels in the request: scoring never sees drafts, which only the registry has.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body

from services.scoring.catalogue.library import Catalogues
from services.scoring.known import REGIONS, region_used
from services.scoring.scorecard.scorecard import score
from services.scoring.views.scorecards import TrialAnswer, trial_answer
from services.scoring.what_if.trial import Trial
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.ports.store import Store
from shared.storage.copies import Copies
from shared.web.routes import Routes, Who, post

EXAMPLES: dict[str, Any] = {
    "rancangan": {
        "summary": "Dua indikator terisi, satu sudah terbukti",
        "value": {
            "region": "61.12",
            "nature": "digital",
            "stage": "penerapan",
            "rows": [{"row": "16", "level": 2, "proofs": 1}, {"row": "33", "basis": "a", "value": 350}],
        },
    },
}


class TrialRoutes(Routes):
    """Answers for `/what-if/scorecard`."""

    prefix = "/what-if"
    tag = "scorecards"

    def __init__(self, store: Store, catalogues: Catalogues) -> None:
        self._regions = Copies(store, REGIONS)
        self._catalogues = catalogues

    @post(
        "/scorecard", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, summary="Kartu skor yang akan didapat sebuah rancangan"
    )
    async def try_scorecard(self, who: Who, body: Annotated[Trial, Body(openapi_examples=EXAMPLES)]) -> TrialAnswer:
        """The card by the region's active catalogue, row by row, with the next step of each and what it brings."""
        who.require_region(body.region)
        used = region_used(await self._regions.get(body.region))
        catalogue = self._catalogues.get(used.catalogue) if used else None
        if catalogue is None:
            raise NotFound("Katalog indikator daerah ini belum dikenal.")
        card = score(
            catalogue,
            [each.evidence for each in body.rows],
            body.nature,
            body.stage,
            applied_on=body.applied_on,
            developed_on=body.developed_on,
        )
        return trial_answer(card, catalogue)
