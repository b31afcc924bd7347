"""Reads the choice of an agency from a form, or from the query of an address.

The field has the agency's id; beside it `<field>-cari` has what is typed to find it. Typed text counts unless the
chosen agency is one that it means, so that the form also works where nothing but text can be entered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from starlette.requests import Request

from services.portal.choice.choice import TYPED, AgencyChoice, AgencyFound, AgencyOption, address_of
from services.portal.model.model import Model
from services.portal.model.states.agency_name import AgencyName
from services.portal.model.views.region import AgencyView
from services.portal.pages.forms import Form
from services.portal.pages.language import _
from shared.contracts.names import folded

FEW = 60
"""So many agencies are a list; more are searched for. The list adds about 30 bytes for each to a page's transfer."""

MOST_FOUND = 10
_LONGEST = 100  # characters that are typed


class AgencyChooser:
    """All methods raise StoreAway."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def of(
        self,
        region: str,
        form: Form,
        name: str = "opd",
        *,
        now: str = "",
        retired: bool = False,
        also: Collection[str] = (),
        without: str = "",
        confirmed: bool = True,
    ) -> AgencyChoice:
        """The choice. name: of the field; now: the id where the form lacks the field; retired: closed agencies can be
        chosen, else only those of `also`; without: an id that cannot be; confirmed: one that was typed in part is shown
        before it is taken."""
        few = (await self._model.agencies(region, limit=FEW + 1)).items
        id = form.text(name) if form.has(name) else now
        one = await self._option(region, id) if id else None
        if one is not None and ((one.retired and not (retired or id in also)) or one.id == without):
            one = None
        problem = (
            _("Perangkat daerah ini tidak dikenal, atau sudah ditutup. Pilih yang lain.") if id and not one else ""
        )
        choice = AgencyChoice(name, one.id if one else "", one.name if one else "", problem=problem)
        if len(few) <= FEW:
            allowed = [each for each in few if (retired or not each.retired or each.id in also) and each.id != without]
            return replace(choice, options=[_option(each) for each in allowed])
        choice = replace(choice, options=None, address=address_of(name, region, retired=retired, without=without))
        typed = form.text(f"{name}{TYPED}")[:_LONGEST]
        if not typed:
            return choice
        called = await self._called(region, typed, retired=retired, without=without)
        meant = _meant(called, typed, id, confirmed=confirmed)
        if meant is not None:
            return replace(choice, id=meant.id, label=meant.name, problem="")
        only = called[0].id if len(called) == 1 else ""
        found = AgencyFound(name, typed, _first(called, typed), len(called), only)
        return replace(choice, id="" if only else choice.id, found=found, problem=_unclear(found.count))

    async def of_query(self, region: str, request: Request, *, now: str = "") -> AgencyChoice:
        """The choice of a filter, `?opd=`: of any agency, and not confirmed. now: the id without a choice."""
        query = Form(request.query_params.multi_items())
        return await self.of(region, query, now=now, retired=True, confirmed=False)

    async def found(
        self, region: str, name: str, typed: str, *, retired: bool = False, without: str = ""
    ) -> AgencyFound:
        """What a text means, for the field of this name."""
        typed = typed.strip()[:_LONGEST]
        called = await self._called(region, typed, retired=retired, without=without) if typed else []
        return AgencyFound(name, typed, _first(called, typed), len(called))

    async def names(self, ids: Collection[str]) -> dict[str, str]:
        """Id → name, of those that are known."""
        return {id: each.name for id, each in (await self._model.agencies_by_id(ids)).items()}

    async def _option(self, region: str, id: str) -> AgencyOption | None:
        agency = await self._model.agency(id)
        if agency is None or agency.region != region:
            return None
        return _option(agency)

    async def _called(self, region: str, typed: str, *, retired: bool, without: str) -> list[AgencyOption]:
        called = await self._model.agencies_called(region, typed)
        allowed = [each for each in called if each.id != without and (retired or not each.retired)]
        return [_option(each) for each in allowed]


def _option(agency: AgencyView | AgencyName) -> AgencyOption:
    return AgencyOption(agency.id, agency.name, agency.retired)


def _same(called: Sequence[AgencyOption], typed: str) -> list[AgencyOption]:
    return [each for each in called if folded(each.name) == folded(typed)]


def _first(called: Sequence[AgencyOption], typed: str) -> list[AgencyOption]:
    """Those that are shown: one whose whole name was typed comes first."""
    same = _same(called, typed)
    return [*same, *(each for each in called if each not in same)][:MOST_FOUND]


def _meant(called: Sequence[AgencyOption], typed: str, id: str, *, confirmed: bool) -> AgencyOption | None:
    """The agency that text and mark agree on; None: they do not."""
    marked = next((each for each in called if each.id == id), None)
    if marked is not None:
        return marked
    same = _same(called, typed)
    if len(same) == 1:
        return same[0]
    return called[0] if len(called) == 1 and not confirmed else None


def _unclear(count: int) -> str:
    if not count:
        return _("Tidak ada perangkat daerah yang cocok. Tulis sebagian nama atau singkatannya, atau kosongkan.")
    if count == 1:
        return _("Satu perangkat daerah cocok. Periksa, lalu kirim lagi.")
    if count <= MOST_FOUND:
        return _("Beberapa perangkat daerah cocok. Pilih satu, atau kosongkan pencariannya.")
    return _("Terlalu banyak perangkat daerah yang cocok. Tulis nama atau singkatannya lebih lengkap.")
