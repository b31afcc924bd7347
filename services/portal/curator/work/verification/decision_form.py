"""The form in which a curator checks a submission: a level and a remark for each row, and one for the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.portal.curator.work.verification.checked_row import CheckedRow

PROFILE = "profile"
MOST_REMARK = 2_000  # characters, as the registry takes them
_LEVELS = frozenset({"0", "1", "2", "3"})


class Decision(StrEnum):
    """The two buttons."""

    VERIFY = "verifikasi"
    RETURN = "kembalikan"


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    UNCHECKED = "unchecked"
    NO_REMARK = "no-remark"
    TOO_LONG = "too-long"


@dataclass(frozen=True)
class DecisionForm:
    """levels: by row, 0…3; remarks: by row or `profile`, without blank ones; partly: the curator knows that rows stay
    unchecked."""

    levels: Mapping[str, int]
    remarks: Mapping[str, str]
    partly: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str], rows: Iterable[CheckedRow]) -> DecisionForm:
        """Read the fields `level-ROW`, `catatan-ROW` and `sebagian`; what does not belong to a row is ignored."""
        rows = tuple(rows)
        judged = {each.row: fields.get(f"level-{each.row}", "") for each in rows if each.can_be_judged}
        places = (PROFILE, *(each.row for each in rows))
        remarks = {place: fields.get(f"catatan-{place}", "").strip() for place in places}
        return cls(
            levels={row: int(level) for row, level in judged.items() if level in _LEVELS},
            remarks={place: remark for place, remark in remarks.items() if remark},
            partly=bool(fields.get("sebagian")),
        )

    def wrong(self, decision: Decision, rows: Iterable[CheckedRow]) -> dict[str, Wrong]:
        """Field → what is wrong, in the page's order. Verifying wants a level for every row that was filled in, unless
        the curator says that some stay unchecked (they count 0); returning wants a remark."""
        found = {f"catatan-{place}": Wrong.TOO_LONG for place, text in self.remarks.items() if len(text) > MOST_REMARK}
        if decision is Decision.RETURN and not self.remarks:
            found[f"catatan-{PROFILE}"] = Wrong.NO_REMARK
        if decision is Decision.VERIFY and not self.partly:
            unchecked = (each.row for each in rows if each.can_be_judged and each.row not in self.levels)
            found |= {f"level-{row}": Wrong.UNCHECKED for row in unchecked}
        return found

    def body(self, decision: Decision) -> dict[str, Any]:
        """What the registry is asked."""
        rows = {"rows": dict(self.levels)}
        return rows if decision is Decision.VERIFY else {**rows, "comments": dict(self.remarks)}


def as_known(rows: Iterable[CheckedRow]) -> DecisionForm:
    """The form as it is opened: levels that were given before, and no remarks. Nothing is chosen for the curator."""
    return DecisionForm({each.row: each.verified_level for each in rows if each.verified_level is not None}, {})
