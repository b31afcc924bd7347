"""An agency of a region: an office, district, village, clinic, school or enterprise that can owe an innovation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Day
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered, AgencyRetired
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.fields import Id, Name, RegionCode, Year
from shared.contracts.names import folded
from shared.contracts.region import Deadline
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Conflict
from shared.storage.stored import Stored


class AgencyTerms(BaseModel):
    """What can be changed about an agency. obliged_from: the first year for which it can owe an innovation (null: every
    year); left out, it stays as it is, and a new agency owes from the region's current year on; parent: the agency of
    the same region that it is part of (null: none); left out, it stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    kind: AgencyKind
    obliged_from: Year | None = None
    parent: Id | None = None


class NewAgency(AgencyTerms):
    """The body of a registration."""

    region: RegionCode


class Retirement(BaseModel):
    """retired_on: the first local day on which the agency no longer exists; successor: the agency of the same region
    that continues its work and takes over drafts, contacts and duties; left out, it stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retired_on: Day
    successor: Id | None = None


class Succession(StrEnum):
    """Whether the successor of a retired agency has taken over."""

    WAITING = "waiting"
    DONE = "done"


class Agency(Stored):
    """As it is stored. retired_on: the first day on which it no longer exists; None while it is active; successor: the
    id of the agency that continues its work; succession: whether that one has taken over (private), None without one;
    parent: the id of the agency that it is part of; key: the folded name, for the index; by: the id of the account that
    changed it last, empty for a change by a release that did not keep it."""

    id: str
    region: str
    name: str
    kind: AgencyKind
    obliged_from: int | None = None
    retired_on: date | None = None
    successor: str | None = None
    succession: Succession | None = None
    parent: str | None = None
    key: str
    by: str = ""

    def public(self) -> dict[str, Any]:
        """The fields that everybody may see."""
        return self.model_dump(exclude={"created_by_body", "by", "key", "succession"})

    def is_retired(self, day: date) -> bool:
        """Whether it is retired on that day."""
        return self.retired_on is not None and self.retired_on <= day


def owes(obliged_from: int | None, retired_on: date | None, deadline: Deadline) -> bool:
    """Whether an agency owes for the deadline's year: not before its first year, and not if it is closed on that day or
    before. The region's policy by kind is asked apart."""
    begun = obliged_from is None or obliged_from <= deadline.year
    return begun and (retired_on is None or retired_on > deadline.date)


Change = tuple[Agency, Draft] | None
Decide = Callable[[Agency], tuple[Agency, Draft | None] | None]


def register(id: str, new: NewAgency, fingerprint: str, by: str, origin: Origin, *, year: int) -> tuple[Agency, Draft]:
    """A new agency, with its event. year: the region's current one; by: the account's id, here and below."""
    obliged_from = {"obliged_from": year, **new.model_dump(include={"obliged_from"}, exclude_unset=True)}
    agency = Agency(
        id=id, **{**new.model_dump(), **obliged_from}, key=folded(new.name), created_by_body=fingerprint, by=by
    )
    return agency, _event(agency, origin)


def revise(agency: Agency, terms: AgencyTerms, by: str, origin: Origin) -> Change:
    """Change the terms that are given. None when nothing differs."""
    return _changed(agency, agency.model_copy(update=terms.model_dump(exclude_unset=True)), by, origin)


def retire(agency: Agency, retirement: Retirement, by: str, origin: Origin) -> Change:
    """Retire the agency; a second time corrects the day or the successor. None when nothing differs."""
    after = agency.model_copy(update=retirement.model_dump(exclude_unset=True))
    stays = (after.successor, after.retired_on) == (agency.successor, agency.retired_on)
    if not stays or agency.succession is None:
        after = after.model_copy(update={"succession": Succession.WAITING if after.successor else None})
    return _changed(agency, after, by, origin)


def reinstate(agency: Agency, by: str, origin: Origin) -> Change:
    """Undo a retirement. Raises Conflict for an agency that is not retired."""
    if agency.retired_on is None:
        raise Conflict("Perangkat daerah ini tidak ditutup.")
    return _changed(
        agency, agency.model_copy(update={"retired_on": None, "successor": None, "succession": None}), by, origin
    )


def succeeded(agency: Agency, successor: str) -> tuple[Agency, None] | None:
    """Note that the successor has taken over. None when it is not awaited any more."""
    if agency.succession is not Succession.WAITING or agency.successor != successor:
        return None
    return agency.model_copy(update={"succession": Succession.DONE}), None


def taking_over(agency: Agency, year: int, by: str, origin: Origin) -> Change:
    """The agency, which takes over a duty from that year on. None when it owes for that year already."""
    if agency.obliged_from is None or agency.obliged_from <= year:
        return None
    return _changed(agency, agency.model_copy(update={"obliged_from": year}), by, origin)


def adopted(agency: Agency, former: str, parent: str | None, by: str, origin: Origin) -> Change:
    """The agency, part of another one than `former` now. None when it was not part of `former`."""
    if agency.parent != former:
        return None
    return _changed(agency, agency.model_copy(update={"parent": parent}), by, origin)


def _changed(before: Agency, after: Agency, by: str, origin: Origin) -> Change:
    if after == before:
        return None
    return after.model_copy(update={"by": by, "key": folded(after.name)}), _event(after, origin)


def _event(agency: Agency, origin: Origin) -> Draft:
    public = agency.public()
    if agency.retired_on is None:
        return draft(AGENCY_REGISTERED, AgencyRegistered(**public), agency.region, origin)
    return draft(AGENCY_RETIRED, AgencyRetired(**public, retired=True), agency.region, origin)
