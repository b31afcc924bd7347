"""The actors of an innovation (hexa helix): a list whose kinds are counted.

LAN names government, private sector, academia, community, NGO and media; KemenPANRB an aggregator or regulator in the
NGO's place. The list has all of them; the form's row 22 counts kinds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.registry.fields import Subject
from shared.contracts.fields import Name


class ActorKind(StrEnum):
    """The kinds of actors."""

    GOVERNMENT = "pemerintah"
    PRIVATE = "swasta"
    ACADEMIA = "akademisi"
    COMMUNITY = "komunitas"
    NGO = "lsm"
    MEDIA = "media"
    AGGREGATOR = "agregator_regulator"


class Actor(BaseModel):
    """name: of the organisation; part: what it does for the innovation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ActorKind
    name: Name
    part: Subject | None = None


Actors = Annotated[tuple[Actor, ...], Field(max_length=50)]


class ActorList(BaseModel):
    """The body of a change: the whole list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actors: Actors


def kinds_of(actors: Actors) -> tuple[ActorKind, ...]:
    """The distinct kinds, in the order of the list of kinds."""
    present = {each.kind for each in actors}
    return tuple(kind for kind in ActorKind if kind in present)
