"""A naive recomputation of an obligation, written from docs/domain (the rules of years) and from the design's words on
spells, without a line of the service. It knows whole histories and reads all of them each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.contracts.agency import AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.region import Deadline, PolicyRevision, RegionRegistered
from shared.contracts.scorecard import InnovationScored

Numbered = tuple[Payload, int]
Innovation = InnovationState | InnovationDrafted


@dataclass(frozen=True)
class Decreed:
    """What happened to the exemption of one agency and year, oldest first: granted, or lifted at a moment."""

    agency: str
    year: int
    lifted: tuple[datetime | None, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What must be known of one duty."""

    status: str
    waiting: str | None = None
    ground: str | None = None
    on_time: bool | None = None
    fulfilled_at: datetime | None = None
    counted: tuple[str, ...] = ()
    progress: str = "none"
    spell: str = ""
    spell_since: datetime | None = None


@dataclass
class World:
    """Everything that was ever said, in any order."""

    said: list[Numbered] = field(default_factory=list)
    decrees: list[Decreed] = field(default_factory=list)

    def expected(self, agency: str, year: int, now: datetime) -> Expected | None:
        """The duty of an agency for a year; None: there is none to tell of."""
        who = _newest(each for each in self.said if _is_agency(each, agency))
        if not isinstance(who, AgencyRegistered):
            return None
        region = _newest(each for each in self.said if _is_region(each, who.region))
        if not isinstance(region, RegionRegistered):
            return None
        dates = sorted((each for each in region.deadlines if each.year == year), key=lambda each: each.revision)
        if not dates:
            return None
        return self._judged(who, region, dates[-1], year, now)

    def _judged(
        self, who: AgencyRegistered, region: RegionRegistered, deadline: Deadline, year: int, now: datetime
    ) -> Expected:
        policy = _policy(region, year)
        minimum = policy.minimum_by_kind.get(who.kind, policy.minimum)
        zone = ZoneInfo(region.zone)
        mine = self._entries(who.id, year)
        here = [each for each in mine if each.here]
        eligible = [
            each
            for each in here
            if each.status in ("submitted", "verified")
            and (policy.community_counts or not each.community)
            and (not policy.mandatory_rows or self._complete(each.id))
        ]
        counting = [each for each in eligible if policy.counts_when != "verified" or each.status == "verified"]
        counting.sort(key=lambda each: (each.first, each.id))
        counted = tuple(sorted(each.id for each in counting[:minimum]))
        ground = self._ground(who, policy, deadline, year)
        order = ["none", "draft", "submitted", "returned", "verified"]
        progress = max([each.status for each in here if each.status != "withdrawn"] + ["none"], key=order.index)
        common: dict[str, Any] = {"ground": ground, "counted": counted, "progress": progress}
        if len(counting) >= minimum:
            began = sorted(each.verified or each.first for each in counting)
            if policy.counts_when != "verified":
                began = sorted(each.first for each in counting)
            return Expected(
                "fulfilled",
                on_time=_in_time(counting[minimum - 1].first, deadline, zone),
                fulfilled_at=began[minimum - 1],
                **common,
            )
        if ground:
            return Expected("exempted", **common)
        punctual = [each for each in eligible if _in_time(each.first, deadline, zone)]
        if policy.counts_when == "verified" and len(punctual) >= minimum:
            return Expected("open", waiting="verification", **common)
        spell, since = self._spell(who.id, year, mine)
        common |= {"spell": spell, "spell_since": since}
        if _in_time(now, deadline, zone):
            return Expected("open", **common)
        if not self._proven(who, deadline, year, mine):
            return Expected("open", waiting="registry", **common)
        return Expected("overdue", **common)

    def _ground(self, who: AgencyRegistered, policy: PolicyRevision, deadline: Deadline, year: int) -> str | None:
        decreed = [each for each in self.decrees if (each.agency, each.year) == (who.id, year)]
        if decreed and decreed[0].lifted and decreed[0].lifted[-1] is None:
            return "decree"
        if who.retired and (who.retired_on is None or who.retired_on <= deadline.date):
            return "retired"
        if who.kind not in policy.obliged_kinds or (who.obliged_from is not None and who.obliged_from > year):
            return "not_obliged"
        return "cancelled" if deadline.cancelled else None

    def _entries(self, agency: str, year: int) -> list[_Known]:
        by_id: dict[str, list[tuple[Innovation, int]]] = {}
        for payload, sequence in self.said:
            if isinstance(payload, InnovationState | InnovationDrafted):
                by_id.setdefault(payload.id, []).append((payload, sequence))
        found = []
        for id, events in by_id.items():
            ours = sorted(
                ((payload, sequence) for payload, sequence in events if _assigned(payload, agency, year) is not None),
                key=lambda each: each[1],
            )
            if ours:
                found.append(_known(id, ours, agency, year))
        return found

    def _complete(self, innovation: str) -> bool:
        cards = [
            each for each in self.said if isinstance(each[0], InnovationScored) and each[0].innovation == innovation
        ]
        newest = _newest(cards)
        return isinstance(newest, InnovationScored) and not newest.missing_mandatory

    def _spell(self, agency: str, year: int, mine: list[_Known]) -> tuple[str, datetime | None]:
        gone = [
            each
            for each in mine
            if each.turn > 0 and each.submitted and (not each.here or each.status in ("returned", "withdrawn"))
        ]
        latest = max(gone, key=lambda each: (each.since, each.id), default=None)
        decreed = next((each for each in self.decrees if (each.agency, each.year) == (agency, year)), None)
        moments = [each for each in decreed.lifted if each is not None] if decreed else []
        if decreed and moments and decreed.lifted[-1] is not None and (latest is None or moments[-1] > latest.since):
            return f"exemption/{len(moments)}", moments[-1]
        return (f"{latest.id}/{latest.turn}", latest.since) if latest else ("", None)

    def _proven(self, who: AgencyRegistered, deadline: Deadline, year: int, mine: list[_Known]) -> bool:
        reports = [
            each
            for each in self.said
            if isinstance(each[0], DeadlinePassed) and (each[0].region, each[0].year) == (who.region, year)
        ]
        newest = _newest(reports)
        if not isinstance(newest, DeadlinePassed) or newest.revision != deadline.revision:
            return False
        return {*newest.submitted.get(who.id, ())} <= {each.id for each in mine if each.submitted}


@dataclass(frozen=True)
class _Known:
    id: str
    here: bool
    status: str
    community: bool
    submitted: bool
    first: datetime
    verified: datetime | None
    turn: int
    since: datetime


def _known(id: str, events: Sequence[tuple[Innovation, int]], agency: str, year: int) -> _Known:
    """From all events about one assignment, in order. What left counts from the first event after it was last here."""
    newest = events[-1][0]
    here = bool(_assigned(newest, agency, year))
    shown = newest
    if not here:
        last_here = max((place for place, (each, _) in enumerate(events) if _assigned(each, agency, year)), default=-1)
        shown = events[last_here + 1][0]
    state = newest if isinstance(newest, InnovationState) else None
    return _Known(
        id=id,
        here=here,
        status=str(newest.status),
        community=state is not None and state.classification == "masyarakat",
        submitted=state is not None,
        first=state.first_submitted_at if state else datetime.max.replace(tzinfo=ZoneInfo("UTC")),
        verified=state.verified_at if state else None,
        turn=shown.turn,
        since=shown.status_since or datetime.min.replace(tzinfo=ZoneInfo("UTC")),
    )


def _policy(region: RegionRegistered, year: int) -> PolicyRevision:
    begun = [each for each in region.policies if each.from_year <= year]
    latest = max(each.from_year for each in begun)
    return max((each for each in begun if each.from_year == latest), key=lambda each: each.revision)


def _in_time(moment: datetime, deadline: Deadline, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone).replace(tzinfo=None)
    if deadline.hour is None:
        return local.date() <= deadline.date
    return local - datetime.combine(deadline.date, deadline.hour) <= timedelta(0)


def _assigned(innovation: Innovation, agency: str, year: int) -> bool | None:
    for each in innovation.assignments:
        if (each.agency, each.year) == (agency, year):
            return each.present
    return None


def _newest(events: Iterable[Numbered]) -> Payload | None:
    return max(events, key=lambda each: each[1], default=(None, 0))[0]


def _is_agency(said: Numbered, id: str) -> bool:
    return isinstance(said[0], AgencyRegistered) and said[0].id == id


def _is_region(said: Numbered, code: str) -> bool:
    return isinstance(said[0], RegionRegistered) and said[0].code == code
