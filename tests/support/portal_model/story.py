"""Random events of a small region, as its owners would publish them: each subject's sequence only grows."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from shared.contracts.event import Event
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus
from tests.support.portal_model import events
from tests.support.portal_model.events import YEAR

AGENCIES = ("dinkes", "dinsos", "batu")
INNOVATIONS = ("a", "b", "c", "d")
_NAMES = ("Gestur", "Gerak Sehat", "Layanan Nyata", "Bank Sampah")
_AGENCY_NAMES = ("Dinas Kesehatan", "Dinas Sehat", "Dinas Sosial", "Kecamatan Batu Ampar")


class Story:
    """newest: subject → its newest event."""

    def __init__(self, dice: random.Random) -> None:
        self.newest: dict[str, Event] = {}
        self._dice = dice
        self._sequence = 100

    @staticmethod
    def newest_of(events: Iterable[Event]) -> list[Event]:
        """What a resync sends: the newest event of each subject."""
        return list({each.subject: each for each in events}.values())

    def events(self, count: int) -> Iterator[Event]:
        """The next ones."""
        for _ in range(count):
            event = self._next()
            self.newest[event.subject] = event
            yield event

    def _next(self) -> Event:  # noqa: PLR0911 - one of each kind
        dice = self._dice
        self._sequence += 1
        number = self._sequence
        agency, year = dice.choice(AGENCIES), dice.choice((YEAR, YEAR, YEAR - 1))
        match dice.randrange(10):
            case 0:
                kind = dice.choice((AgencyKind.DINAS, AgencyKind.KECAMATAN))
                return events.agency(agency, dice.choice(_AGENCY_NAMES), number, kind=kind)
            case 1 | 2:
                status = dice.choice(list(ObligationStatus))
                return events.duty(agency, status, number, year=year, on_time=dice.choice((True, False, None)))
            case 3:
                return events.index(dice.randrange(100), number, year=year)
            case 4:
                person, about = dice.choice((("p", ("dinkes", "dinsos")), ("q", ("batu",))))
                return events.message(person, dice.randrange(1, 3), about, number, sent=dice.random() < 0.5)
            case 5 if dice.random() < 0.3:
                return events.region(number)
            case 5 | 6 | 7:
                return self._card(dice.choice(INNOVATIONS), agency, year, number)
            case _:
                return self._innovation(dice.choice(INNOVATIONS), agency, year, number)

    def _innovation(self, id: str, agency: str, year: int, number: int) -> Event:
        """It keeps every place where it was."""
        before = self.newest.get(f"innovation/{id}")
        places = [(each["agency"], each["year"]) for each in before.data["assignments"]] if before else []
        former = tuple(each for each in dict.fromkeys(places) if each != (agency, year))
        return events.innovation(
            id,
            self._dice.choice(list(InnovationStatus)),
            number,
            agency=agency,
            year=year,
            name=self._dice.choice(_NAMES),
            days=self._dice.randrange(3),
            former=former,
        )

    def _card(self, id: str, agency: str, year: int, number: int) -> Event:
        innovation = self.newest.get(f"innovation/{id}")
        return events.card(
            id,
            self._dice.randrange(111),
            self._dice.choice((0, 12.5, 30, 30.25)),
            number,
            of=innovation.number if innovation else 1,
            agency=agency,
            year=year,
            status=self._dice.choice((InnovationStatus.SUBMITTED, InnovationStatus.DRAFT)),
        )
