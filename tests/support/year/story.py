"""Small hand-written years: one region, one agency, and whoever and whatever a story needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shared.contracts.vocabulary import AgencyKind, Zone
from tests.support.year.due import Reason
from tests.support.year.facts import (
    AddressBecomes,
    AgencySaid,
    ContactSaid,
    Due,
    Exempted,
    Fact,
    InnovationSaid,
    Outage,
    PassedSaid,
    Policy,
    RegionSaid,
    Scored,
)
from tests.support.year.local import at_local, local
from tests.support.year.mail import Handed
from tests.support.year.naive import Naive

REGION, AGENCY = "61.12", "dinkes"
KINDS = frozenset({AgencyKind.DINAS})
ASIDE = frozenset({"confirm", "report"})  # kinds that a story shows only when it asks for them


class Story:
    """Times are local: `("2026-12-01", "09.00")`. A deadline's answer is heard ten minutes after it."""

    def __init__(self, deadline: str | None = "2026-12-31", *, zone: Zone = Zone.WIB_PONTIANAK, **policy: Any) -> None:  # noqa: ANN401 - fields by name
        self.zone = zone
        self.facts: list[Fact] = []
        self._policies = [Policy(revision=1, from_year=2000, kinds=KINDS, **policy)]
        self._deadlines: list[Due] = []
        self._turns: dict[str, InnovationSaid] = {}
        if deadline:
            self.deadline(deadline, on="2026-01-05")
        else:
            self._say(self.at("2026-01-05"))
        self.agency()

    def at(self, day: str, hour: str = "09.00") -> datetime:
        """The moment in UTC."""
        return at_local(date.fromisoformat(day), time.fromisoformat(hour.replace(".", ":")), self.zone).astimezone(UTC)

    def deadline(
        self, day: str, *, on: str, hour: str | None = None, cancelled: bool = False, answered: bool = True
    ) -> None:
        """The year's deadline is set, moved or cancelled."""
        year = date.fromisoformat(day).year
        revision = 1 + max((each.revision for each in self._deadlines if each.year == year), default=0)
        last = time.fromisoformat(hour.replace(".", ":")) if hour else None
        due = Due(year, revision, date.fromisoformat(day), self.at(on), last, cancelled)
        self._deadlines.append(due)
        self._say(self.at(on))
        if answered and not cancelled:
            self.passed(due.revision, on=day, hour=hour or "23.59", year=year, day=due.day, last=last)

    def passed(
        self,
        revision: int,
        *,
        on: str,
        hour: str,
        year: int,
        day: date,
        last: time | None = None,
        ids: Iterable[str] = (),
    ) -> None:
        """The registry's answer, ten minutes after that time."""
        at = self.at(on, hour) + timedelta(minutes=10)
        submitted = ((AGENCY, tuple(ids)),) if ids else ()
        self.facts.append(PassedSaid(at, REGION, year, revision, day, last, submitted))

    def agency(self, id: str = AGENCY, *, on: str = "2026-01-05", **more: Any) -> None:  # noqa: ANN401 - fields by name
        """An agency, new or changed."""
        self.facts.append(AgencySaid(self.at(on), id, REGION, **{"kind": AgencyKind.DINAS, **more}))

    def person(
        self,
        who: str,
        role: str = "officer",
        *,
        on: str = "2026-01-05",
        hour: str = "09.00",
        **more: Any,  # noqa: ANN401 - fields by name
    ) -> None:
        """A contact, new or changed; with an e-mail address unless said otherwise."""
        agencies = (AGENCY,) if role in ("officer", "head") else ()
        fields = {"email": f"{who}@dinkes.example", "name": who, **more}
        self.facts.append(ContactSaid(self.at(on, hour), who, REGION, role, agencies, **fields))

    def innovation(
        self,
        status: str,
        *,
        on: str,
        hour: str = "09.00",
        id: str = "spirit",
        late: timedelta | None = None,
        **more: Any,  # noqa: ANN401 - fields by name
    ) -> None:
        """A turn of an innovation. late: how much later notifications hears of it."""
        at = self.at(on, hour)
        last = self._turns.get(id)
        kept: dict[str, Any] = {"agency": AGENCY, "year": 2026}
        if last:
            kept = {name: getattr(last, name) for name in ("agency", "year", "former", "first_submitted_at")}
        if status == "submitted":
            kept["first_submitted_at"] = kept.get("first_submitted_at") or at
        said = InnovationSaid(
            at=at + (late or timedelta(0)),
            id=id,
            region=REGION,
            status=status,
            turn=last.turn + 1 if last else 1,
            status_since=at,
            sequence=int(at.timestamp() * 1000),
            verified_at=at if status == "verified" else None,
            **{**kept, **more},
        )
        self._turns[id] = said
        self.facts.append(said)

    def scored(self, *, on: str, hour: str = "09.01", id: str = "spirit") -> None:
        """A scorecard of the innovation's last turn."""
        of = self._turns[id]
        at = self.at(on, hour)
        self.facts.append(Scored(at, id, REGION, of.agency, of.year, of.sequence, int(at.timestamp() * 1000)))

    def exempted(self, *, on: str, lifted: bool = False, year: int = 2026) -> None:
        """A decree, or its end."""
        self.facts.append(Exempted(self.at(on), REGION, AGENCY, year, lifted))

    def address(self, address: str, behaviour: str, *, on: str = "2026-01-01", until: datetime | None = None) -> None:
        """How the provider treats an address from then on."""
        self.facts.append(AddressBecomes(self.at(on, "00.00"), address, behaviour, until))

    def outage(self, channel: str, begin: tuple[str, str], end: tuple[str, str]) -> None:
        """A provider is away."""
        self.facts.append(Outage(self.at(*begin), channel, self.at(*end)))

    def handed(self, until: str = "2027-03-31", holidays: Iterable[str] = ()) -> list[Handed]:
        """Everything that the naive recomputation hands over."""
        days = frozenset(date.fromisoformat(each) for each in holidays)
        return Naive(self.facts, self.at(until), days).run()

    def told(self, until: str = "2027-03-31", holidays: Iterable[str] = (), also: Iterable[str] = ()) -> list[str]:
        """`2026-12-01 07.00 budi email before-30` for each; confirmations and weekly lists only if asked for."""
        aside = ASIDE - set(also)
        handed = sorted(self.handed(until, holidays), key=lambda each: (each.at, each.person, shown(each.reason)))
        return [self._line(each) for each in handed if not aside & {str(part) for part in each.reason}]

    def _line(self, each: Handed) -> str:
        when = local(each.at, self.zone).strftime("%Y-%m-%d %H.%M")
        marks = [name for name, on in (("fallback", each.fallback), ("refused", each.refused)) if on]
        return " ".join([when, each.person, each.channel, shown(each.reason), *marks])

    def _say(self, at: datetime) -> None:
        self.facts.append(RegionSaid(at, REGION, self.zone, tuple(self._policies), tuple(self._deadlines)))

    def policy(self, *, on: str, **policy: Any) -> None:  # noqa: ANN401 - fields by name
        """A further revision of the duty policy."""
        self._policies.append(Policy(**{"revision": len(self._policies) + 1, "kinds": KINDS, **policy}))
        self._say(self.at(on))


def shown(reason: Reason) -> str:
    """The stage, the news, or the week of a reason; a spell or the revision of a moved deadline beside it."""
    kind = reason[0]
    if kind == "duty":
        _, _, year, revision, stage, spell = reason
        parts = [str(stage), *([f"r{revision}"] if revision != 1 else []), *([f"y{year}"] if year != 2026 else [])]
        return " ".join([*parts, *([f"({spell})"] if spell else [])])
    if kind == "innovation":
        return f"{reason[3]} {reason[1]}/{reason[2]}"
    if kind == "deadline":
        return f"{reason[4]} r{reason[3]}"
    return f"{reason[3]} {reason[1]}" if kind == "contact" else f"{reason[2]}"
