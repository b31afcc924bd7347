"""The forms of a deadline and of a duty policy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from re import compile as pattern
from typing import Any, ClassVar, Self

from services.portal.curator.work.entered import day_of, year_of
from shared.contracts.region import Deadline, PolicyRevision
from shared.contracts.vocabulary import AgencyKind, CountsWhen

_HOUR = pattern(r"^([01][0-9]|2[0-3])[:.][0-5][0-9]$")
_MOST = 100  # innovations a year


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    EMPTY = "empty"
    YEAR = "year"
    HOUR = "hour"
    COUNT = "count"


@dataclass(frozen=True)
class DeadlineForm:
    """As typed; date: ISO 8601; hour: `16.00` or `16:00`, empty: the whole day."""

    year: str = ""
    date: str = ""
    hour: str = ""
    basis: str = ""
    confirm: str = ""

    names: ClassVar[Mapping[str, str]] = {
        "year": "tahun",
        "date": "hari",
        "hour": "jam",
        "basis": "dasar",
        "confirm_overdue": "yakin",
    }

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """Read the fields."""
        return cls(*(fields.get(field, "").strip() for field in cls.names.values()))

    @classmethod
    def stored(cls, deadline: Deadline) -> Self:
        """As it is in force."""
        return cls(str(deadline.year), deadline.date.isoformat(), str(deadline.hour or "")[:5], deadline.basis)

    @property
    def wrong(self) -> dict[str, Wrong]:
        """Field → what is wrong."""
        found = {}
        if not year_of(self.year, 0):
            found["tahun"] = Wrong.YEAR
        if day_of(self.date) is None:
            found["hari"] = Wrong.EMPTY
        if self.hour and not _HOUR.match(self.hour):
            found["jam"] = Wrong.HOUR
        if not self.basis:
            found["dasar"] = Wrong.EMPTY
        return found

    def body(self) -> dict[str, Any]:
        """What the registry is sent."""
        body: dict[str, Any] = {"year": int(self.year), "date": self.date, "basis": self.basis}
        if self.hour:
            body["hour"] = self.hour.replace(".", ":")
        if self.confirm.isdecimal():
            body["confirm_overdue"] = int(self.confirm)
        return body


@dataclass(frozen=True)
class PolicyForm:
    """As typed; by_kind: kind → another minimum, without empty ones."""

    from_year: str
    decree: str
    kinds: tuple[str, ...]
    minimum: str
    by_kind: Mapping[str, str]
    counts_when: str
    community: bool
    mandatory_rows: bool

    names: ClassVar[Mapping[str, str]] = {
        "from_year": "sejak",
        "decree": "keputusan",
        "obliged_kinds": "jenis",
        "minimum": "paling-sedikit",
        "counts_when": "dihitung",
    }

    @classmethod
    def of(cls, fields: Mapping[str, str], kinds: list[str], by_kind: Mapping[str, str]) -> Self:
        """Read the fields. kinds: the checked ones; by_kind: `paling-sedikit.<kind>` → text."""
        return cls(
            fields.get("sejak", "").strip(),
            fields.get("keputusan", "").strip(),
            tuple(each for each in kinds if each in list(AgencyKind)),
            fields.get("paling-sedikit", "").strip(),
            {kind: text for kind, text in by_kind.items() if text and kind in list(AgencyKind)},
            fields.get("dihitung", ""),
            community="masyarakat" in fields,
            mandatory_rows="wajib-lengkap" in fields,
        )

    @classmethod
    def stored(cls, policy: PolicyRevision, year: int) -> Self:
        """As it is in force, to be changed from a year on."""
        return cls(
            str(year),
            "",
            tuple(each.value for each in policy.obliged_kinds),
            str(policy.minimum),
            {kind.value: str(count) for kind, count in policy.minimum_by_kind.items()},
            policy.counts_when.value,
            policy.community_counts,
            policy.mandatory_rows,
        )

    @property
    def wrong(self) -> dict[str, Wrong]:
        """Field → what is wrong."""
        found = {}
        if not year_of(self.from_year, 0):
            found["sejak"] = Wrong.YEAR
        if not self.decree:
            found["keputusan"] = Wrong.EMPTY
        if not _is_count(self.minimum):
            found["paling-sedikit"] = Wrong.COUNT
        found |= {f"paling-sedikit.{kind}": Wrong.COUNT for kind, text in self.by_kind.items() if not _is_count(text)}
        if self.counts_when not in list(CountsWhen):
            found["dihitung"] = Wrong.EMPTY
        return found

    def body(self) -> dict[str, Any]:
        """What the registry is sent."""
        return {
            "from_year": int(self.from_year),
            "decree": self.decree,
            "obliged_kinds": list(self.kinds),
            "minimum": int(self.minimum),
            "minimum_by_kind": {kind: int(text) for kind, text in self.by_kind.items()},
            "counts_when": self.counts_when,
            "community_counts": self.community,
            "mandatory_rows": self.mandatory_rows,
        }


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= _MOST  # noqa: PLR2004 - 100 has three digits
