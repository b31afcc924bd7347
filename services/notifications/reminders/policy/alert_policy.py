"""The alert policy of a region: when its agencies are reminded, who is told, and when nobody may be disturbed. Pure.

Each change is a revision that begins on a local day; revisions are never altered or removed. The defaults are this
system's own: no source states them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal, Self

from services.notifications.state import DocumentState, replaced

AgencyRole = Literal["officer", "head"]
ReportRole = Literal["curator", "executive"]


class AlertPolicy(DocumentState):
    """One revision, in force from the local day `from_day`.

    before: days before the deadline on which a reminder begins, falling; after: days after it, rising, the first is 1;
    roles: of an agency, in the order in which they are told, each only when the one before it cannot be reached;
    report_roles: who gets the weekly report; quiet_from, quiet_until: local times between which nobody is disturbed,
    over midnight when the first is later; quiet_days: ISO weekdays (1 Monday … 7 Sunday) on which nobody is disturbed;
    holidays_are_quiet: nor on a known public holiday; person_cap, region_cap: messages per local day to one person, and
    to all persons of the region; report_weekday: the ISO weekday on which the weekly report is first due; decree: the
    number of the decree or circular, may be empty; by: the account id of the curator, empty for the default.
    """

    revision: int = 0
    from_day: date = date(2000, 1, 1)
    decree: str = ""
    by: str = ""
    set_at: datetime | None = None
    before: tuple[int, ...] = (60, 30, 14, 7, 1)
    after: tuple[int, ...] = (1, 8, 15, 22, 29)
    roles: tuple[AgencyRole, ...] = ("officer", "head")
    report_roles: tuple[ReportRole, ...] = ("curator", "executive")
    quiet_from: time = time(19)
    quiet_until: time = time(7)
    quiet_days: tuple[int, ...] = ()
    holidays_are_quiet: bool = True
    person_cap: int = 3
    region_cap: int = 20_000
    report_weekday: int = 1


DEFAULT = AlertPolicy()
"""Of a region that has set none, and of the days before its first revision."""


class AlertPolicies(DocumentState):
    """Every revision of one region's alert policy, oldest first."""

    region: str
    revisions: tuple[AlertPolicy, ...] = ()

    def in_force(self, day: date) -> AlertPolicy:
        """Of the revisions that have begun on the local day `day` the one that began last, and of these the newest."""
        begun = [each for each in self.revisions if each.from_day <= day]
        return max(begun, key=lambda each: (each.from_day, each.revision), default=DEFAULT)

    def with_revision(self, policy: AlertPolicy) -> Self | None:
        """With `policy` as the newest revision; None when the newest one says the same for the same days."""
        number = len(self.revisions) + 1
        newest = self.revisions[-1] if self.revisions else None
        if newest is not None and _terms(newest) == _terms(policy):
            return None
        return replaced(self, revisions=(*self.revisions, replaced(policy, revision=number)))


def _terms(policy: AlertPolicy) -> dict[str, object]:
    return policy.model_dump(exclude={"revision", "by", "set_at"})
