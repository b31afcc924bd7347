"""The form of a commitment (perjanjian inovasi): its number, day and promises. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from services.portal.curator.work.entered import day_of, year_of

LINES = 10  # promises that the form shows at least


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    EMPTY = "empty"
    YEAR = "year"
    DAY = "day"
    PROMISE = "promise"


@dataclass(frozen=True)
class PromiseLine:
    """name: what was promised, empty: an unused line; innovation: the id of what came of it; dropped: why it was given
    up."""

    name: str = ""
    innovation: str = ""
    dropped: str = ""


@dataclass(frozen=True)
class CommitmentForm:
    """As typed."""

    agency: str
    year: str
    number: str
    dated: str
    promises: tuple[PromiseLine, ...]
    revoked: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """Read the fields `opd tahun nomor tanggal dicabut janji-N janji-N-inovasi janji-N-batal`."""
        count = sum(1 for name in fields if name.startswith("janji-") and name.removeprefix("janji-").isdecimal())

        def typed(at: int, part: str = "") -> str:
            return fields.get(f"janji-{at}{part}", "").strip()

        lines = tuple(PromiseLine(typed(at), typed(at, "-inovasi"), typed(at, "-batal")) for at in range(count))
        agency, year, number, dated = (fields.get(name, "").strip() for name in ("opd", "tahun", "nomor", "tanggal"))
        return cls(agency, year, number, dated, lines, revoked="dicabut" in fields)

    @classmethod
    def stored(cls, commitment: Mapping[str, Any]) -> Self:
        """As the registry has it."""
        lines = tuple(
            PromiseLine(each["name"], each.get("innovation") or "", each.get("dropped") or "")
            for each in commitment["promises"]
        )
        return cls(
            str(commitment["agency"]),
            str(commitment["year"]),
            str(commitment["number"]),
            str(commitment["dated"]),
            lines,
            revoked=bool(commitment["revoked"]),
        )

    @property
    def lines(self) -> tuple[PromiseLine, ...]:
        """The promises, and empty lines for further ones."""
        return self.promises + (PromiseLine(),) * max(2, LINES - len(self.promises))

    @property
    def wrong(self) -> dict[str, Wrong]:
        """Field → what is wrong."""
        found = {name: Wrong.EMPTY for name, value in (("opd", self.agency), ("nomor", self.number)) if not value}
        if not year_of(self.year, 0):
            found["tahun"] = Wrong.YEAR
        if day_of(self.dated) is None:
            found["tanggal"] = Wrong.DAY
        if not any(each.name for each in self.promises):
            found["janji-0"] = Wrong.PROMISE
        return found

    @property
    def names(self) -> dict[str, str]:
        """Path of a flaw of a promise → field. What is sent has the lines with a name alone."""
        used = [place for place, each in enumerate(self.promises) if each.name]
        parts = {"name": "", "innovation": "-inovasi", "dropped": "-batal"}
        return {
            f"promises.{at}.{part}": f"janji-{place}{end}"
            for at, place in enumerate(used)
            for part, end in parts.items()
        }

    def terms(self) -> dict[str, Any]:
        """What the registry is sent, without agency and year."""
        promises = [
            {
                "name": each.name,
                **({"innovation": each.innovation} if each.innovation else {}),
                **({"dropped": each.dropped} if each.dropped else {}),
            }
            for each in self.promises
            if each.name
        ]
        return {"number": self.number, "dated": self.dated, "promises": promises, "revoked": self.revoked}
