"""Routes `/catalogues`: the indicator catalogues of this process, for all."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from services.scoring.api.parameters import ANYONE, CatalogueName
from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import Catalogues
from services.scoring.views.catalogues import (
    CatalogueAnswer,
    CataloguePage,
    DifferencesAnswer,
    catalogue_answer,
    catalogue_summary,
    differences_answer,
)
from shared.faults import NotFound
from shared.web.routes import Routes, get

NameInPath = Annotated[CatalogueName, Path(examples=["2026.1"])]


class CatalogueRoutes(Routes):
    """Answers for `/catalogues`."""

    prefix = "/catalogues"
    tag = "catalogues"

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    @get("", *ANYONE, summary="Semua katalog indikator")
    async def every_catalogue(self) -> CataloguePage:
        """All catalogues, the newest first."""
        newest_first = sorted(self._catalogues.values(), key=lambda each: (each.year, each.revision), reverse=True)
        return CataloguePage(items=[catalogue_summary(each) for each in newest_first])

    @get("/{name}", *ANYONE, summary="Satu katalog: indikator, level, rentang, konstanta")
    async def catalogue(self, response: Response, name: NameInPath) -> CatalogueAnswer:
        """One catalogue. Its ETag is its digest."""
        found = self._find(name)
        response.headers["ETag"] = f'"{found.digest}"'
        return catalogue_answer(found)

    @get("/{name}/changes", *ANYONE, summary="Yang berubah sejak katalog lain, dalam kata")
    async def changes(
        self, name: NameInPath, since: Annotated[CatalogueName, Query(examples=["2024.1"])]
    ) -> DifferencesAnswer:
        """The changes since another catalogue, in words."""
        return differences_answer(self._find(since), self._find(name))

    def _find(self, name: str) -> Catalogue:
        if name not in self._catalogues:
            raise NotFound(f"Tidak ada katalog {name}; yang ada: {', '.join(sorted(self._catalogues))}.")
        return self._catalogues[name]
