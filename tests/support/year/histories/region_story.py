"""A region's year: its duty policies, deadlines and alert policies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from shared.contracts.vocabulary import AgencyKind, Zone
from tests.support.year.duty import last_moment
from tests.support.year.facts import AlertPolicySaid, Due, Fact, Policy, RegionSaid
from tests.support.year.histories.dice import Dice
from tests.support.year.local import at_local

KINDS = (AgencyKind.DINAS, AgencyKind.BADAN, AgencyKind.KECAMATAN, AgencyKind.PUSKESMAS)
ANSWERED_AFTER = timedelta(minutes=10)


@dataclass
class RegionStory:
    """deadlines: every revision of every year; begin, end: of the history."""

    dice: Dice
    code: str
    zone: Zone
    year: int
    policies: list[Policy] = field(default_factory=list)
    deadlines: list[Due] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def begin(self) -> date:
        return date(self.year, 1, 2)

    @property
    def end(self) -> date:
        return date(self.year + 1, 3, 10)

    def final(self, year: int) -> Due | None:
        """The year's last deadline."""
        return max((each for each in self.deadlines if each.year == year), key=lambda each: each.revision, default=None)

    def told_days(self) -> list[date]:
        """Days on which stages begin: what is worth disturbing."""
        days = [each.day + timedelta(days=n) for each in self.deadlines for n in (-60, -30, -14, -7, -1, 1, 8, 15)]
        return [each for each in days if self.begin < each < self.end] or [self.begin + timedelta(days=100)]

    def write(self) -> None:
        """All facts of the region itself."""
        changes: list[tuple[datetime, Policy | Due]] = [*self._duty_policies(), *self._all_deadlines()]
        policies: list[Policy] = []
        deadlines: dict[tuple[int, int], Due] = {}
        for at, change in sorted(changes, key=lambda each: each[0]):
            if isinstance(change, Policy):
                policies.append(change)
            else:
                deadlines[change.year, change.revision] = change
            self.facts.append(RegionSaid(at, self.code, self.zone, tuple(policies), tuple(deadlines.values())))
        self.deadlines = [deadlines[key] for key in sorted(deadlines)]
        self.policies = policies
        self._alert_policies()

    def moment(self, first: date, last: date) -> datetime:
        """A moment on one of these days, within the history."""
        last = min(last, self.end - timedelta(days=2))
        return self.dice.moment(self.dice.day(max(first, self.begin), max(last, self.begin)), self.zone)

    def _duty_policies(self) -> list[tuple[datetime, Policy]]:
        dice = self.dice
        first = Policy(
            revision=1,
            from_year=2000,
            kinds=frozenset(KINDS if dice.chance(0.6) else KINDS[:3]),
            minimum=1 if dice.chance(0.75) else 2,
            by_kind={AgencyKind.KECAMATAN: dice.randint(1, 3)} if dice.chance(0.3) else {},
            verified=dice.chance(0.4),
            community=dice.chance(0.6),
        )
        changes = [(dice.unique(at_local(self.begin, time(0, 5), self.zone)), first)]
        if dice.chance(0.4):
            second = replace(
                first,
                revision=2,
                from_year=self.year + dice.randint(0, 1),
                minimum=dice.randint(1, 2),
                kinds=frozenset(KINDS),
                verified=dice.chance(0.5),
            )
            changes.append((self.moment(self.begin + timedelta(days=20), self.end), second))
        return changes

    def _all_deadlines(self) -> list[tuple[datetime, Due]]:
        dice, year = self.dice, self.year
        day = dice.one_of({date(year, 6, 30): 1, date(year, 9, 30): 2, date(year, 10, 31): 3, date(year, 12, 31): 6})
        changes = self._deadline(year, day, self.moment(self.begin, date(year, 2, 28)))
        if dice.chance(0.5):
            day = dice.day(date(year + 1, 1, 31), date(year + 1, 3, 20))
            changes += self._deadline(year + 1, day, self.moment(date(year, 11, 15), date(year + 1, 1, 20)))
        if dice.chance(0.25):
            # a first deadline that has passed already
            day = dice.day(date(year - 1, 11, 15), date(year - 1, 12, 31))
            changes += self._deadline(year - 1, day, self.moment(self.begin, self.begin + timedelta(days=10)))
        return changes

    def _deadline(self, year: int, day: date, at: datetime) -> list[tuple[datetime, Due]]:
        dice = self.dice
        due = Due(year, 1, day, at, self._hour())
        changes = [(at, due)]
        for _ in range(dice.one_of({0: 5, 1: 4, 2: 2})):
            at = self.moment(max(due.day - timedelta(days=40), _day_after(at)), due.day + timedelta(days=20))
            if at <= changes[-1][0]:
                break
            due = replace(due, revision=due.revision + 1, set_at=at, basis=f"SE {due.revision + 1}")
            match dice.one_of({"moved": 6, "corrected": 2, "cancelled": 2}):
                case "moved":
                    moved = due.day + timedelta(days=dice.choice([-10, -3, 5, 14, 30, 45]))
                    due = replace(due, day=moved, hour=self._hour(), cancelled=False)
                case "corrected":
                    last = changes[-1][1]
                    due = replace(last, basis=f"{last.basis}a")
                case _:
                    due = replace(due, cancelled=not due.cancelled)
            changes.append((at, due))
        return changes

    def _hour(self) -> time | None:
        return self.dice.choice([time(14), time(16), time(23, 59)]) if self.dice.chance(0.3) else None

    def _alert_policies(self) -> None:
        for _ in range(self.dice.one_of({0: 6, 1: 3, 2: 1})):
            at = self.moment(self.begin + timedelta(days=5), self.end)
            self.facts.append(
                AlertPolicySaid(
                    at,
                    self.code,
                    from_day=_day_after(at),
                    ladder=self.dice.choice([(60, 30, 14, 7, 1), (45, 20, 10, 3), (90, 60, 30, 14, 7, 3, 1)]),
                    quiet=self.dice.choice([(time(19), time(7)), (time(18), time(8))]),
                    quiet_days=self.dice.choice([(), (), (7,), (6, 7)]),
                    cap=self.dice.choice([3, 3, 1, 5]),
                    weekday=self.dice.choice([1, 1, 2, 4]),
                )
            )

    def answers(self) -> list[tuple[datetime, Due]]:
        """When the registry looks at a deadline that has passed while it is in force: ten minutes after."""
        looks = []
        for due in self.deadlines:
            after = [each for each in self.deadlines if each.year == due.year and each.revision > due.revision]
            until = min((each.set_at for each in after), default=None)
            at = max(last_moment(due, self.zone), due.set_at) + ANSWERED_AFTER
            if not due.cancelled and (until is None or at < until):
                looks.append((at, due))
        return looks


def _day_after(moment: datetime) -> date:
    """Far enough in every zone."""
    return moment.date() + timedelta(days=2)
