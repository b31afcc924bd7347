"""Random histories of one region: agencies, innovations with their turns, policies, deadlines, exemptions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from shared.contracts.agency import AGENCY_RETIRED, AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.region import Deadline, PolicyRevision, RegionRegistered
from shared.contracts.scorecard import InnovationScored
from shared.contracts.vocabulary import AgencyKind, Classification, CountsWhen, InnovationStatus, Zone
from tests.support.notifications_service import REGION, agency_id, innovation, innovation_id

YEARS = (2027, 2028)  # 2028 is a leap year
AGENCIES = ("Satu", "Dua")
DAYS = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2027, 12, 31), date(2028, 1, 1)]
HOURS = [None, None, time(0), time(14), time(23, 59)]
BEGAN = datetime(2027, 6, 1, tzinfo=UTC)


@dataclass
class History:
    """What the registry and scoring said, in order of their sequences, and until when business time ran."""

    dice: random.Random
    said: list[tuple[Payload, int]] = field(default_factory=list)
    now: datetime = BEGAN
    firsts: dict[str, datetime] = field(default_factory=dict)
    places: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)
    zone: Zone = Zone.WIB_PONTIANAK

    def say(self, payload: Payload) -> None:
        """With the next sequence."""
        self.said.append((payload, len(self.said) + 1))

    def pass_time(self) -> None:
        """Hours or months, and now and then exactly to a deadline."""
        if self.deadlines and self.dice.random() < 0.3:
            end = self.dice.choice(self.deadlines).end(self.zone)
            at = end.astimezone(UTC) + self.dice.choice([-1, 0, 1]) * timedelta(microseconds=1)
            self.now = max(self.now, at)
            return
        self.now += timedelta(hours=self.dice.choice([1, 7, 24, 24 * 20, 24 * 30]))


def random_history(dice: random.Random) -> History:
    """A history of a region with a few innovations. The facts of each subject come in order; who hears them may not."""
    history = History(dice)
    history.zone = dice.choice(list(Zone))
    for year in YEARS:
        _change_region(history, year)
    for name in AGENCIES:
        history.say(_agency(dice, name, first=True))
    lives = [_Life(history, f"Inovasi {number}") for number in range(dice.randrange(1, 5))]
    for _ in range(dice.randrange(6, 30)):
        history.pass_time()
        step = dice.random()
        if step < 0.78:
            dice.choice(lives).step()
        elif step < 0.86:
            _change_region(history, dice.choice(YEARS))
        elif step < 0.91:
            history.say(_agency(dice, dice.choice(AGENCIES)))
        else:
            _report_deadlines(history)
    if dice.random() < 0.7:
        _report_deadlines(history)
    return history


def _change_region(history: History, year: int) -> None:
    dice = history.dice
    revision = sum(each.year == year for each in history.deadlines) + 1
    cancelled = revision > 1 and dice.random() < 0.2
    former = [each for each in history.deadlines if each.year == year]
    history.deadlines.append(
        Deadline(
            year=year,
            revision=revision,
            date=former[-1].date if cancelled else dice.choice(DAYS),
            hour=former[-1].hour if cancelled else dice.choice(HOURS),
            cancelled=cancelled,
            set_at=history.now,
            basis=f"SE {revision}/{year}",
        )
    )
    policies = tuple(
        PolicyRevision(
            revision=number,
            from_year=dice.choice((2000, 2027, 2028)) if number > 1 else 2000,
            obliged_kinds=(AgencyKind.DINAS, AgencyKind.KECAMATAN, *dice.choice([(), (AgencyKind.DESA,)])),
            minimum=dice.choice([1, 1, 2]),
            minimum_by_kind=dice.choice([{}, {}, {AgencyKind.DINAS: 2}]),
            counts_when=dice.choice([CountsWhen.SUBMITTED, CountsWhen.SUBMITTED, CountsWhen.VERIFIED]),
            community_counts=dice.random() < 0.7,
            mandatory_rows=dice.random() < 0.15,
        )
        for number in range(1, dice.randrange(2, 4))
    )
    history.say(
        RegionRegistered(
            code=REGION,
            name="Kabupaten Kubu Raya",
            zone=history.zone,
            catalogue="2026.1",
            policies=policies,
            deadlines=tuple(history.deadlines),
        )
    )


def _agency(dice: random.Random, name: str, *, first: bool = False) -> AgencyRegistered:
    retired = not first and dice.random() < 0.4
    form = AGENCY_RETIRED.payload if retired else AgencyRegistered
    return form(
        id=agency_id(name),
        region=REGION,
        name=name,
        kind=dice.choice([AgencyKind.DINAS, AgencyKind.DINAS, AgencyKind.KECAMATAN, AgencyKind.DESA]),
        retired=retired,
        retired_on=dice.choice([None, *DAYS]) if retired else None,
        obliged_from=dice.choice([None, None, None, 2028]),
    )


def _report_deadlines(history: History) -> None:
    """As the registry does: the deadline in force, with every first submission in time."""
    for year in YEARS:
        in_force = [each for each in history.deadlines if each.year == year]
        if not in_force or history.dice.random() < 0.3:
            continue
        deadline = in_force[-1]
        submitted: dict[str, set[str]] = {}
        for id, first in history.firsts.items():
            if deadline.allows(first, history.zone):
                for agency, of_year in history.places[id]:
                    if of_year == year:
                        submitted.setdefault(agency, set()).add(id)
        named = {agency: tuple(sorted(ids)) for agency, ids in submitted.items()}
        history.say(
            DeadlinePassed(
                region=REGION,
                year=year,
                revision=deadline.revision,
                date=deadline.date,
                hour=deadline.hour,
                submitted=named,
            )
        )


class _Life:
    """One innovation."""

    def __init__(self, history: History, name: str) -> None:
        self._history = history
        self._name = name
        self._status: InnovationStatus | None = None
        self._by, self._year = history.dice.choice(AGENCIES), history.dice.choice(YEARS)
        self._formerly: list[tuple[str, int]] = []
        self._turn = 0
        self._since = history.now
        self._first: datetime | None = None
        self._verified: datetime | None = None
        self._scored_for: tuple[str, int] | None = None
        self._class = history.dice.choice([Classification.MASYARAKAT, Classification.PERANGKAT_DAERAH])

    def step(self) -> None:
        """Something happens to it; what is withdrawn stays so."""
        dice = self._history.dice
        if self._status is None:
            self._go(InnovationStatus.DRAFT)
        elif self._status is InnovationStatus.WITHDRAWN or dice.random() < 0.15:
            self._edit()
        elif dice.random() < 0.2:
            self._move()
        elif self._status in (InnovationStatus.DRAFT, InnovationStatus.RETURNED):
            self._go(InnovationStatus.SUBMITTED)
        else:
            self._go(
                dice.choice([InnovationStatus.RETURNED, InnovationStatus.VERIFIED] * 2 + [InnovationStatus.WITHDRAWN])
            )

    def _go(self, status: InnovationStatus) -> None:
        now = self._history.now
        self._status, self._turn, self._since = status, self._turn + 1, now
        if status is InnovationStatus.SUBMITTED and self._first is None:
            self._first = now
        self._verified = now if status is InnovationStatus.VERIFIED else None
        self._edit()

    def _move(self) -> None:
        dice = self._history.dice
        self._formerly.append((self._by, self._year))
        places = [(by, year) for by in AGENCIES for year in YEARS if (by, year) != (self._by, self._year)]
        self._by, self._year = dice.choice(places)
        self._formerly = [each for each in dict.fromkeys(self._formerly) if each != (self._by, self._year)]
        self._turn, self._since = self._turn + 1, self._history.now
        self._edit()

    def _edit(self) -> None:
        status = self._status or InnovationStatus.DRAFT
        id = innovation_id(self._name)
        self._history.say(
            innovation(
                self._name,
                by=self._by,
                status=status,
                first=self._first or self._history.now,
                verified=self._verified,
                year=self._year,
                formerly=self._formerly,
                classification=self._class,
                turn=self._turn,
                since=self._since,
            )
        )
        if self._first:
            self._history.firsts[id] = self._first
            places = [(agency_id(by), year) for by, year in [*self._formerly, (self._by, self._year)]]
            self._history.places[id] = places
            place = (self._by, self._year)
            if place != self._scored_for or self._history.dice.random() < 0.6:  # a card always follows a move
                self._scored_for = place
                self._history.say(self._card(id, len(self._history.said)))

    def _card(self, id: str, innovation_sequence: int) -> InnovationScored:
        missing = ("16",) if self._history.dice.random() < 0.4 else ()
        return InnovationScored(
            innovation=id,
            innovation_sequence=innovation_sequence,
            region=REGION,
            agency=agency_id(self._by),
            year=self._year,
            status=self._status or InnovationStatus.DRAFT,
            catalogue="2026.1",
            digest="d",
            claimed=Decimal(50),
            verified=Decimal(0),
            most=Decimal(111),
            rows=(),
            missing_mandatory=missing,
        )
