"""One verified innovation. Its figures are the read model's; its text is asked of the registry, and stored nowhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict

from services.portal.figures.catalogue import CatalogueReader
from services.portal.figures.maturity import groups_of_card, maturity_chart
from services.portal.figures.words import word
from services.portal.model.model import Model
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.public.innovation_facts import facts_of
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get


class PublicText(BaseModel):
    """What the profile says, as everybody may read it. design: rancang bangun."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    purpose: str = ""
    benefit: str = ""
    outcome: str = ""
    design: str = ""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of those that are filled in."""
        parts = ((_("Tujuan"), self.purpose), (_("Manfaat"), self.benefit), (_("Hasil"), self.outcome))
        return tuple((heading, text) for heading, text in parts if text.strip())


class InnovationPages(Routes):
    """The path `/inovasi/<id>`."""

    prefix = "/inovasi"

    def __init__(self, pages: Pages, model: Model, owners: Owners, catalogues: CatalogueReader) -> None:
        self._pages = pages
        self._model = model
        self._owners = owners
        self._catalogues = catalogues

    @get("/{id}", Role.PUBLIC)
    async def innovation(self, request: Request, id: Annotated[str, Path(max_length=100)]) -> Response:
        """An innovation while it is verified; for everything else there is no page."""
        it = await self._model.innovation(id)
        if it is None or not it.public:
            raise NotFound(_("Inovasi ini tidak ada, atau tidak ditampilkan untuk umum."))
        area = await self._model.region(it.region)
        facts = await self._catalogues.find(it.card.catalogue) if it.card else None
        chart = None
        if it.card is not None and facts is not None:
            chart = maturity_chart(
                groups_of_card(facts, it.card),
                _("Kematangan menurut kelompok indikator"),
                with_claims=False,
                note=facts.notice,
            )
        text = await self._text(id)
        return await self._pages(
            request,
            "public/innovation.html",
            it=it,
            area=area,
            text=text,
            chart=chart,
            facts=facts_of(it, area),
            word=word,
        )

    async def _text(self, id: str) -> PublicText | None:
        try:
            answer = await self._owners.registry(None).get(f"/innovations/{id}")
        except (OwnerAway, OwnerProblem):
            return None
        return PublicText.model_validate(answer.body.get("profile") or {})
