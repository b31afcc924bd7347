"""Sustainability: what an innovation needs to survive a rotation of staff (Pontianak): a team with a decree, an SOP,
financing, a successor. Names stay in the registry."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from services.registry.fields import Day, Reference, Subject
from shared.contracts.fields import Name

SOON = 60
"""Days before a person leaves from which on it is told."""


class Paper(BaseModel):
    """Number and date of a decree or an SOP."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Reference
    dated: Day


class Member(BaseModel):
    """A person of the team. leaves_on: the first day on which the person no longer works on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    part: Subject | None = None
    leaves_on: Day | None = None


class Sustainability(BaseModel):
    """team, with the decree that names it; sop; financing: where the money comes from; successor: who takes over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    team: tuple[Member, ...] = Field(default=(), max_length=50)
    decree: Paper | None = None
    sop: Paper | None = None
    financing: Subject | None = None
    successor: Name | None = None


def staffed_until(named: Sustainability | None) -> date | None:
    """The first local day on which nobody of the team works on it any more; None while somebody stays, or nobody is
    named."""
    if named is None or not named.team:
        return None
    leaving = [each.leaves_on for each in named.team if each.leaves_on is not None]
    return max(leaving) if len(leaving) == len(named.team) else None


class Weakness(StrEnum):
    """What endangers an innovation. NOBODY_LEFT: everybody named has left; LAST_LEAVES: the only person who is left
    leaves soon; ONE_PERSON: only one person is named, and no successor."""

    NOBODY_LEFT = "nobody-left"
    LAST_LEAVES = "last-leaves"
    ONE_PERSON = "one-person"
    NO_TEAM = "no-team"
    NO_DECREE = "no-decree"
    NO_SOP = "no-sop"
    NO_FINANCING = "no-financing"


WEAKNESSES: dict[Weakness, str] = {
    Weakness.NOBODY_LEFT: "semua orang yang disebut sudah tidak bertugas lagi",
    Weakness.LAST_LEAVES: "satu-satunya orang yang tersisa segera tidak bertugas lagi",
    Weakness.ONE_PERSON: "hanya satu orang yang disebut, dan tidak ada penerus",
    Weakness.NO_TEAM: "tim pelaksana belum disebut",
    Weakness.NO_DECREE: "tim belum ditetapkan dengan surat keputusan",
    Weakness.NO_SOP: "SOP belum ada",
    Weakness.NO_FINANCING: "sumber pembiayaan belum disebut",
}


def weaknesses(named: Sustainability, today: date) -> tuple[Weakness, ...]:
    """What endangers the innovation on that local day, the most urgent first."""
    left = [each for each in named.team if each.leaves_on is None or each.leaves_on > today]
    found: list[Weakness] = []
    if not named.team:
        found.append(Weakness.NO_TEAM)
    elif not left:
        found.append(Weakness.NOBODY_LEFT)
    elif all(each.leaves_on is not None and (each.leaves_on - today).days <= SOON for each in left):
        found.append(Weakness.LAST_LEAVES)
    elif len(left) == 1 and named.successor is None:
        found.append(Weakness.ONE_PERSON)
    if named.team and named.decree is None:
        found.append(Weakness.NO_DECREE)
    if named.sop is None:
        found.append(Weakness.NO_SOP)
    if named.financing is None:
        found.append(Weakness.NO_FINANCING)
    return tuple(found)
