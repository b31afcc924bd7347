"""The form of an alert policy: when people are reminded, when nobody is disturbed, and how much a day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from re import compile as pattern
from typing import Any, ClassVar, Self

from services.portal.curator.work.entered import day_of

_HOUR = pattern(r"^([01][0-9]|2[0-3])[:.][0-5][0-9]$")
_DAYS = pattern(r"^\d{1,3}(\s*[,;]\s*\d{1,3})*$")
_MOST = 7  # digits of a number of messages


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    DAYS = "days"
    HOUR = "hour"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class AlertPolicyForm:
    """As typed; before, after: numbers of days, separated by commas; quiet_days: ISO weekdays."""

    from_day: str
    decree: str
    before: str
    after: str
    quiet_from: str
    quiet_until: str
    quiet_days: tuple[str, ...]
    holidays: bool
    person_cap: str
    region_cap: str
    report_weekday: str

    names: ClassVar[Mapping[str, str]] = {
        "from_day": "sejak",
        "decree": "keputusan",
        "before": "sebelum",
        "after": "sesudah",
        "quiet_from": "tenang-mulai",
        "quiet_until": "tenang-sampai",
        "quiet_days": "hari-tenang",
        "person_cap": "batas-orang",
        "region_cap": "batas-daerah",
        "report_weekday": "hari-laporan",
    }

    @classmethod
    def of(cls, fields: Mapping[str, str], quiet_days: Sequence[str]) -> Self:
        """Read the fields."""

        def typed(name: str) -> str:
            return fields.get(cls.names[name], "").strip()

        return cls(
            typed("from_day"),
            typed("decree"),
            typed("before"),
            typed("after"),
            typed("quiet_from"),
            typed("quiet_until"),
            tuple(each for each in quiet_days if each in "1234567"),
            "libur-tenang" in fields,
            typed("person_cap"),
            typed("region_cap"),
            typed("report_weekday"),
        )

    @classmethod
    def stored(cls, policy: Mapping[str, Any], from_day: str) -> Self:
        """As it is in force, to be changed from a day on."""
        return cls(
            from_day,
            "",
            ", ".join(str(each) for each in policy["before"]),
            ", ".join(str(each) for each in policy["after"]),
            str(policy["quiet_from"])[:5].replace(":", "."),
            str(policy["quiet_until"])[:5].replace(":", "."),
            tuple(str(each) for each in policy["quiet_days"]),
            bool(policy["holidays_are_quiet"]),
            str(policy["person_cap"]),
            str(policy["region_cap"]),
            str(policy["report_weekday"]),
        )

    @property
    def wrong(self) -> dict[str, Wrong]:
        """Field → what is wrong."""
        found = {}
        if day_of(self.from_day) is None:
            found["sejak"] = Wrong.DAY
        for name in ("before", "after"):
            if getattr(self, name) and not _DAYS.match(getattr(self, name)):
                found[self.names[name]] = Wrong.DAYS
        for name in ("quiet_from", "quiet_until"):
            if not _HOUR.match(getattr(self, name)):
                found[self.names[name]] = Wrong.HOUR
        for name in ("person_cap", "region_cap"):
            text = getattr(self, name)
            if not (text.isascii() and text.isdecimal() and len(text) <= _MOST):
                found[self.names[name]] = Wrong.NUMBER
        if self.report_weekday not in set("1234567"):
            found["hari-laporan"] = Wrong.DAY
        return found

    def body(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """What notifications is sent. kept: the policy in force, for what the form does not change."""
        return {
            "from_day": self.from_day,
            "decree": self.decree,
            "before": _numbers(self.before),
            "after": _numbers(self.after),
            "roles": kept["roles"],
            "report_roles": kept["report_roles"],
            "quiet_from": self.quiet_from.replace(".", ":"),
            "quiet_until": self.quiet_until.replace(".", ":"),
            "quiet_days": [int(each) for each in self.quiet_days],
            "holidays_are_quiet": self.holidays,
            "person_cap": int(self.person_cap),
            "region_cap": int(self.region_cap),
            "report_weekday": int(self.report_weekday),
        }


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.replace(";", ",").split(",") if each.strip()]
