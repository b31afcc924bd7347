"""What every page of the curator's work begins with: whose region it is, the local day there, and who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from services.portal.choice.chooser import AgencyChooser
from services.portal.curator.work.entered import year_of
from services.portal.model.model import Model
from services.portal.model.views.region import RegionView
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from services.portal.pages.session import SignedIn, signed_in
from shared.clock import Clock
from shared.contracts.vocabulary import Zone


@dataclass(frozen=True)
class Here:
    """region: its code; view: None while the read model does not know it; now: business time, local."""

    session: SignedIn
    region: str
    view: RegionView | None
    now: datetime

    @property
    def zone(self) -> str:
        """The region's time zone."""
        return (self.view.zone if self.view else Zone.WIB).value

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have a deadline and the present one, newest first."""
        known = self.view.years if self.view else ()
        return tuple(sorted({*known, self.today.year}, reverse=True))

    @property
    def duty_year(self) -> int:
        """The newest year up to the present one that has a deadline; the present one where none has."""
        view = self.view
        past = [each for each in (view.years if view else ()) if each <= self.today.year]
        return next((each for each in past if view and _in_force(view, each)), self.today.year)

    def year(self, request: Request) -> int:
        """The year that a page is asked for (`?tahun=`), by default the present one."""
        return year_of(request.query_params.get("tahun"), self.today.year)


def _in_force(view: RegionView, year: int) -> bool:
    deadline = view.deadline(year)
    return deadline is not None and not deadline.cancelled


class Desk:
    """Everything that the routes need."""

    def __init__(self, pages: Pages, model: Model, owners: Owners, clock: Clock) -> None:
        self.pages = pages
        self.model = model
        self.owners = owners
        self.agencies = AgencyChooser(model)
        self._clock = clock

    async def here(self, request: Request) -> Here:
        """The place of a request. The guard has let in curators only, who have a region."""
        session = signed_in(request)
        region = session.region or ""
        view = await self.model.region(region)
        zone = ZoneInfo((view.zone if view else Zone.WIB).value)
        return Here(session, region, view, self._clock.now().astimezone(zone))
