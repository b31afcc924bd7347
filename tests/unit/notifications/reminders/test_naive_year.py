"""A year of one region, swept every few hours, against an independent list of who must be told what on which day.

The sweep is level-triggered: it decides by what is stored. The naive form knows only the story, and asks for every
person, day and fact on its own whether it is to be told.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.notifications.contacts.role import ContactRole
from services.notifications.reminders.policy.holidays import days_of
from shared.contracts.vocabulary import InnovationStatus, Zone
from tests.support.notifications_service import (
    LAST_DAY,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    notifications_service,
    passed,
    region,
)
from tests.unit.notifications.reminders.telling import set_policy, sweep_again, told

ZONE = ZoneInfo(Zone.WIB_PONTIANAK)
FIRST = datetime(2026, 10, 12, 3, tzinfo=UTC)
STEPS = 130  # days
BEFORE = (60, 30, 14, 7, 1)
AFTER = (1, 8, 15, 22, 29)


@dataclass
class Story:
    """What happens to one agency. submitted, returned, mended: steps (days after FIRST) or None; officer: whether it
    has one; head: whether it has a head."""

    name: str
    officer: bool
    head: bool
    submitted: int | None
    returned: int | None
    mended: int | None
    told: list[tuple[str, str]] = field(default_factory=list)

    def status(self, step: int) -> InnovationStatus | None:
        """Of its innovation on that day."""
        if self.submitted is None or step < self.submitted:
            return None
        if self.returned is None or step < self.returned:
            return InnovationStatus.SUBMITTED
        if self.mended is None or step < self.mended:
            return InnovationStatus.RETURNED
        return InnovationStatus.SUBMITTED

    def reader(self) -> str | None:
        """Who is told."""
        return f"Officer {self.name}" if self.officer else f"Head {self.name}" if self.head else None


def stories(seed: int, count: int) -> list[Story]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        submitted = chance.choice([None, chance.randrange(STEPS)])
        returned = submitted + chance.randrange(1, 40) if submitted is not None and chance.random() < 0.7 else None
        mended = returned + chance.randrange(1, 40) if returned is not None and chance.random() < 0.5 else None
        made.append(Story(f"{number}", chance.random() < 0.7, chance.random() < 0.7, submitted, returned, mended))
    return made


def quiet(day: date) -> bool:
    return day in days_of(day.year)


def expected(story: Story) -> list[tuple[str, str]]:
    """Day by day: what has begun, what is open, what was told already."""
    reader = story.reader()
    known: set[tuple[str, str]] = set()
    for step in range(STEPS):
        day = (FIRST + timedelta(days=step)).astimezone(ZONE).date()
        status = story.status(step)
        open_ = status in (None, InnovationStatus.RETURNED)
        late = day > LAST_DAY
        spell = "" if status is None else "again"
        since = LAST_DAY
        begun = None
        if spell and story.returned is not None:
            begun = (FIRST + timedelta(days=story.returned)).astimezone(ZONE).date()
            since = max(LAST_DAY, begun)
        names: list[tuple[str, str]] = []
        if open_:
            latest: tuple[date, str] | None = (begun, "opened-again") if begun else None
            starts = [(LAST_DAY - timedelta(days=each), f"before-{each}") for each in BEFORE]
            starts += [(since + timedelta(days=each), "overdue" if each == 1 else f"overdue-{each}") for each in AFTER]
            for start, name in sorted(starts):
                if start <= day and (begun is None or start > begun):
                    latest = (start, name)
            if latest:
                start, name = latest
                ended = name == "overdue-29" and day > start + timedelta(days=6)
                fits = name == "opened-again" or name.startswith("overdue") is late
                if fits and not ended:
                    names.append((spell, name))
        if status is InnovationStatus.RETURNED:
            names.append(("", "returned"))
        if reader and not quiet(day):
            known |= set(names)
    return sorted((reader, name) for _, name in known) if reader else []


@pytest.mark.parametrize("seed", range(3))
async def test_everybody_is_told_exactly_what_an_independent_list_says(tmp_path: Path, seed: int) -> None:
    made = stories(seed, 8)
    async with notifications_service(tmp_path, at=FIRST) as service:
        await begin(service, made)
        for step in range(STEPS):
            service.clock.move_to(FIRST + timedelta(days=step))
            for story in made:
                await happen(service, story, step)
            if service.clock.now().astimezone(ZONE).date() == LAST_DAY + timedelta(days=1):
                await report(service, made, step)
            await sweep_again(service)
            await sweep_again(service)
        found = await told(service)
    assert found == sorted(each for story in made for each in expected(story))


async def begin(service: NotificationsService, made: list[Story]) -> None:
    await service.receive(region(deadline()))
    await set_policy(service, person_cap=20)
    for story in made:
        await service.receive(agency(story.name))
        if story.officer:
            await service.set_contact(f"Officer {story.name}", of=[story.name], email=f"o{story.name}@dinas.example")
        if story.head:
            email = f"h{story.name}@dinas.example"
            await service.set_contact(f"Head {story.name}", of=[story.name], email=email, role=ContactRole.HEAD)


async def happen(service: NotificationsService, story: Story, step: int) -> None:
    turns = [each for each in (story.submitted, story.returned, story.mended) if each is not None]
    if step in turns:
        turn = turns.index(step) + 1
        status = story.status(step)
        assert status is not None
        first = FIRST + timedelta(days=turns[0])
        event = innovation(
            f"I{story.name}", by=story.name, status=status, turn=turn, since=service.clock.now(), first=first
        )
        await service.receive(event, 1_000 + step * 10 + turn)


async def report(service: NotificationsService, made: list[Story], step: int) -> None:
    """The registry reports what was submitted in time."""
    in_time = {
        agency_id(each.name): (str(innovation_id(each)),)
        for each in made
        if each.submitted is not None and each.submitted < step
    }
    await service.receive(passed(submitted=in_time), 5_000)


def innovation_id(story: Story) -> str:
    from tests.support.notifications_service import innovation_id as of  # noqa: PLC0415

    return of(f"I{story.name}")
