"""Contacts: who they are, how they are reached, how their addresses behave, and how all that changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from tests.support.year.facts import AddressBecomes, ContactErased, ContactSaid, Fact, LinkFollowed
from tests.support.year.histories.region_story import RegionStory
from tests.support.year.local import at_local, local_day
from tests.support.year.provider import EMAIL, WHATSAPP, Behaviour


class People:
    """The contacts of one region. Every address is used once."""

    def __init__(self, region: RegionStory, first_number: int) -> None:
        self._region = region
        self._dice = region.dice
        self._number = first_number
        self.facts: list[Fact] = []

    def add(self, role: str, agencies: tuple[str, ...], since: datetime) -> None:
        """One person, with a life."""
        dice, region = self._dice, self._region
        day = local_day(since, region.zone)
        at = region.moment(day + timedelta(days=1), day + timedelta(days=dice.choice([1, 3, 20, 90])))
        if at <= since:
            return
        way = dice.one_of({"email": 42, "both": 42, "phone": 16})
        said = ContactSaid(
            at,
            dice.id(),
            region.code,
            role,
            agencies,
            name=f"Orang {self._number}",
            email="" if way == "phone" else self._email(at),
            phone="" if way == "email" else self._phone(at),
            preferred=WHATSAPP if way == "phone" or dice.chance(0.55) else EMAIL,
        )
        if dice.chance(0.1):
            said = replace(said, valid_from=day + timedelta(days=dice.randint(0, 12)))
        if dice.chance(0.12):
            said = replace(said, valid_to=dice.day(day + timedelta(days=60), region.end))
        self.facts.append(said)
        if said.email and dice.chance(0.15):
            self.facts.append(LinkFollowed(dice.unique(at + timedelta(days=2)), said.person, EMAIL))
        self._live(said)

    def _live(self, said: ContactSaid) -> None:
        dice, region = self._dice, self._region
        for _ in range(dice.one_of({0: 4, 1: 4, 2: 3, 3: 1})):
            day = dice.choice(region.told_days())
            at = region.moment(day - timedelta(days=3), day + timedelta(days=10))
            if at <= said.at:
                continue
            if dice.chance(0.05):
                self.facts.append(ContactErased(at, said.person))
                return
            said = replace(said, at=at, another_person=False, reopen=False)
            said = self._changed(said)
            self.facts.append(said)

    def _changed(self, said: ContactSaid) -> ContactSaid:  # noqa: PLR0911 - one for each kind of change
        dice = self._dice
        match dice.one_of({"name": 2, "replaced": 4, "person": 2, "added": 4, "removed": 2, "reopened": 3, "ends": 1}):
            case "name":
                return replace(said, name=f"{said.name} S.")
            case "replaced":
                if said.phone and (not said.email or dice.chance(0.5)):
                    return replace(said, phone=self._phone(said.at))
                return replace(said, email=self._email(said.at))
            case "person":
                return replace(said, name=f"Pengganti {self._number}", another_person=True)
            case "added":
                return replace(said, phone=said.phone or self._phone(said.at), email=said.email or self._email(said.at))
            case "removed":
                if said.phone and said.email:
                    return replace(said, phone="") if dice.chance(0.5) else replace(said, email="")
                return replace(said, phone="", email=said.email or self._email(said.at))
            case "reopened":
                mended = (each for each in (said.email, said.phone) if each)
                soon = said.at - timedelta(minutes=1)
                self.facts += [AddressBecomes(soon, each, Behaviour.GOOD) for each in mended]
                return replace(said, reopen=True)
            case _:
                return replace(
                    said, valid_to=local_day(said.at, self._region.zone) + timedelta(days=dice.randint(0, 9))
                )

    def _email(self, at: datetime) -> str:
        self._number += 1
        address = f"orang{self._number}@opd.example"
        self._behaves(address, at, {"good": 60, "refuses": 14, "bounces": 14, "busy": 12})
        return address

    def _phone(self, at: datetime) -> str:
        self._number += 1
        number = f"+62812{self._number:08}"
        weights = {"good": 40, "refuses": 13, "bounces": 12, "silent": 16, "slow": 11, "busy": 8}
        self._behaves(number, at, weights)
        return number

    def _behaves(self, address: str, at: datetime, weights: dict[str, int]) -> None:
        how = Behaviour(self._dice.one_of(weights))
        if how is Behaviour.BUSY:
            self.facts += self._busy_mornings(address)
        elif how is not Behaviour.GOOD:
            since = at - timedelta(minutes=1)
            if self._dice.chance(0.5):
                since = at_local(self._dice.choice(self._region.told_days()), time(3), self._region.zone)
            self.facts.append(AddressBecomes(since, address, how))

    def _busy_mornings(self, address: str) -> Iterator[Fact]:
        for day in sorted(set(self._dice.choices(self._region.told_days(), k=3))):
            begin, until = (at_local(day, hour, self._region.zone) for hour in (time(5), time(10, 20)))
            yield AddressBecomes(begin, address, Behaviour.BUSY, until)
