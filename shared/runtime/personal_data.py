"""What a service that holds personal data offers (UU 27/2022): find it, correct it, erase it, and say how long it is
kept. `satu privacy` uses it; a start and a restore carry listed erasures out by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.keeping import Erasing


@dataclass(frozen=True)
class Subject:
    """Whose data: exactly one of person (opaque id), email, phone, name and account is given, as people write them.
    region: its code, empty: any, for a person or an account only. Of a name: agency: only there; texts: in free texts
    too."""

    region: str = ""
    person: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    account: str = ""
    agency: str = ""
    texts: bool = True


@dataclass(frozen=True)
class HeldData:
    """What one document holds of a person. kind, id: of the document; what: in Bahasa Indonesia; data: as it is stored,
    or the places where the person is named; kept: why an erasure leaves it, empty for what it erases."""

    kind: str
    id: str
    what: str
    data: Mapping[str, Any]
    kept: str = ""


@dataclass(frozen=True)
class DataKind:
    """A kind of personal data. slug: for commands; what, whose, retention: in Bahasa Indonesia; days: after which it is
    erased by itself, None: kept until somebody erases it."""

    slug: str
    what: str
    whose: str
    retention: str
    days: int | None = None


@dataclass(frozen=True)
class Affected:
    """How much of a kind there is. persons: None where documents do not tell persons apart."""

    kind: DataKind
    documents: int
    persons: int | None = None


class Correctable(StrEnum):
    """What `satu privacy correct` may change."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    LANDLINE = "landline"


@dataclass(frozen=True)
class ErasedData:
    """What an erasure did. documents: that changed; erasures: that were recorded."""

    documents: int = 0
    erasures: Sequence[Erasure] = field(default=())


class PersonalData(Erasing, Protocol):
    """Every method raises StoreAway."""

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What the service holds."""

    async def find(self, subject: Subject) -> list[HeldData]:
        """All that it holds of a person."""

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:
        """Replace what is wrong; how many documents changed. Raises Invalid for a value that cannot be, Conflict."""

    async def erase(self, subject: Subject, by: str) -> ErasedData:
        """Erase all that `find` gives and is not `kept`, and record it. Raises Misconfigured without the list."""

    async def affected(self, region: str) -> list[Affected]:
        """How much there is, of one region or, for an empty code, of all: for the notice of a breach."""
