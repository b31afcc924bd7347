"""Route `/what-if`: what would change if levels, innovations or SPD rows changed. Nothing is stored.

An agency asks about the maturity of its own innovations; curator and executive of the region also about the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Body

from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.library import Catalogues
from services.scoring.views.what_if import WhatIfAnswer, what_if_answer
from services.scoring.what_if.forecast import Forecasts
from services.scoring.what_if.question import Question
from shared.auth.policy import Role
from shared.faults import Forbidden
from shared.ports.store import Store
from shared.web.routes import Routes, Who, post

EXAMPLES: dict[str, Any] = {
    "menuju predikat": {
        "summary": "Jalur termurah menuju sangat inovatif",
        "value": {"region": "61.12", "year": 2026, "target": {"predicate": "sangat inovatif"}},
    },
    "satu inovasi baru": {
        "summary": "Bila ada satu inovasi baru dan APBD tiga tahun tepat waktu",
        "value": {
            "region": "61.12",
            "year": 2026,
            "added": [{"affair": "Kesehatan", "levels": {"16": 2, "33": {"basis": "a", "value": 350}}}],
            "spd": {"2a": 3},
        },
    },
}


class WhatIfRoutes(Routes):
    """Answers for `/what-if`."""

    tag = "indices"

    def __init__(self, store: Store, catalogues: Catalogues, years: Mapping[int, Constants]) -> None:
        self._forecasts = Forecasts(store, catalogues, years)

    @post(
        "/what-if",
        *(Role.AGENCY, Role.CURATOR, Role.EXECUTIVE),
        summary="Bila level, inovasi atau SPD berubah",
    )
    async def ask(self, who: Who, body: Annotated[Question, Body(openapi_examples=EXAMPLES)]) -> WhatIfAnswer:
        """New maturity, index and predicate, and the cheapest path to a target."""
        who.require_region(body.region)
        is_agency = who.role is Role.AGENCY
        if is_agency and not body.of_one_agency:
            raise Forbidden("Perangkat daerah hanya dapat bertanya tentang kematangan inovasinya sendiri.")
        result = await self._forecasts.answer(body, who.agencies if is_agency else None)
        return what_if_answer(body, result, with_region=not is_agency)
