"""Which innovations a package takes, and what happens when the check finds errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.registry.exports.package.window import age_window, takes
from services.registry.kinds import AGENCY, INNOVATION
from services.registry.regions.region import Region
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf, Store

_FIELDS = ("agency", "year", "profile.name", "profile.applied_on", "profile.developed_on")


class Scope(StrEnum):
    """VERIFIED: what the curator has verified; SUBMITTED: also what waits for verification."""

    VERIFIED = "verified"
    SUBMITTED = "submitted"


class Take(StrEnum):
    """COMPLETE: all innovations, if the check finds no error, else nothing; READY: those without errors; ALL: all, with
    what the check says beside them."""

    COMPLETE = "complete"
    READY = "ready"
    ALL = "all"


_STATUSES = {
    Scope.VERIFIED: (InnovationStatus.VERIFIED,),
    Scope.SUBMITTED: (InnovationStatus.VERIFIED, InnovationStatus.SUBMITTED),
}


@dataclass(frozen=True)
class Chosen:
    """An innovation of the package. number: its place, by agency, name and id, from 1; agency: its name."""

    number: int
    id: str
    agency: str
    name: str | None


@dataclass(frozen=True)
class Choice:
    """region: whose; year: of the national round; scope; duty_year: only innovations of that year."""

    region: Region
    year: int
    scope: Scope = Scope.VERIFIED
    duty_year: int | None = None

    def allows(self, status: InnovationStatus) -> bool:
        """Whether innovations of that status are taken."""
        return status in _STATUSES[self.scope]


@dataclass(frozen=True)
class Chosens:
    """taken: in order; left_out: ids of innovations whose age the round does not take."""

    taken: tuple[Chosen, ...]
    left_out: tuple[str, ...]


async def choose(store: Store, choice: Choice) -> Chosens:
    """The innovations, numbered: the same order each time, as long as nothing is renamed. Raises StoreAway."""
    code = choice.region.code
    names = {row.id: str(row["name"]) async for row in store.scan(AGENCY.name, {"region": code}, ("name",))}
    where: dict[str, Any] = {"region": code, "status": OneOf([each.value for each in _STATUSES[choice.scope]])}
    if choice.duty_year is not None:
        where["year"] = choice.duty_year
    found: list[tuple[str, str, str, str, str | None]] = []
    left_out: list[str] = []
    window = age_window(choice.year)
    async for row in store.scan(INNOVATION.name, where, _FIELDS):
        if takes(window, *_dates(row)):
            agency, name = names.get(row["agency"], row["agency"]), row["profile.name"]
            found.append((agency.casefold(), (name or "").casefold(), row.id, agency, name))
        else:
            left_out.append(row.id)
    taken = (Chosen(number, each[2], each[3], each[4]) for number, each in enumerate(sorted(found), start=1))
    return Chosens(tuple(taken), tuple(left_out))


def _dates(row: dict[str, Any]) -> Iterator[Any]:
    for name in ("profile.applied_on", "profile.developed_on"):
        yield None if row[name] is None else date.fromisoformat(row[name])
