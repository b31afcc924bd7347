"""What the agency's pages share: the templates, the read model, the owners, and the indicator catalogues."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from starlette.requests import Request

from services.portal.agency.evidence.catalogue import Catalogue
from services.portal.agency.innovation.registry import InnovationClient
from services.portal.model.model import Model
from services.portal.model.views.region import AgencyView, RegionView
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from services.portal.pages.session import SignedIn
from shared.clock import Clock
from shared.contracts.vocabulary import Zone


class Desk:
    """Made once for all of the agency's pages."""

    def __init__(self, pages: Pages, model: Model, owners: Owners, clock: Clock) -> None:
        self.pages = pages
        self.model = model
        self.owners = owners
        self.clock = clock
        self._catalogues: dict[str, Catalogue] = {}

    def innovation(self, session: SignedIn, id: str) -> InnovationClient:
        """One innovation, in this person's name."""
        return InnovationClient(self.owners.registry(session), id)

    async def region(self, session: SignedIn) -> RegionView | None:
        """The person's region; None while it is not known."""
        return await self.model.region(session.region) if session.region else None

    async def zone(self, session: SignedIn) -> Zone:
        """The region's time zone; Western Indonesian Time while it is not known."""
        region = await self.region(session)
        return region.zone if region else Zone.WIB

    async def today(self, session: SignedIn) -> date:
        """The local day."""
        return self.clock.now().astimezone(ZoneInfo(await self.zone(session))).date()

    async def agencies(self, session: SignedIn) -> list[AgencyView]:
        """The agencies that the person speaks for, as far as they are known, by name."""
        known = await self.model.agencies_by_id(session.agencies)
        return sorted(known.values(), key=lambda each: each.name)

    async def chosen(self, request: Request, session: SignedIn) -> str:
        """The id of the agency that the page is about: the one in `?opd=`, else the first."""
        wanted = request.query_params.get("opd", "")
        if wanted in session.agencies:
            return wanted
        agencies = await self.agencies(session)
        return agencies[0].id if agencies else (session.agencies or ("",))[0]

    async def catalogue(self, session: SignedIn) -> Catalogue:
        """The region's active catalogue. A catalogue never changes under its name, so it is asked for once. Raises
        OwnerAway, OwnerProblem."""
        region = await self.region(session)
        if region is not None:
            name = region.catalogue
        else:
            name = str((await self.owners.registry(session).get(f"/regions/{session.region}")).body["catalogue"])
        if name not in self._catalogues:
            answer = await self.owners.scoring(session).get(f"/catalogues/{name}")
            self._catalogues[name] = Catalogue.model_validate(answer.body)
        return self._catalogues[name]
