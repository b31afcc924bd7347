"""Derives one agency's obligation for one year from the known facts, the entries that decide, and the current time.
Pure.

Sources: the region's circular as policy data (Kubu Raya, Banjar: at least one innovation per agency and year); the
rules on which time decides, on waiting and on re-opening are this system's own (docs/glossary).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notifications.obligations.deadlines import closes_at
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_index import Rank
from services.notifications.obligations.facts import AgencyFact, Facts, RegionFact
from services.notifications.obligations.selection import Selection
from shared.contracts.contract import AnyContract
from shared.contracts.obligation import (
    OBLIGATION_EXEMPTED,
    OBLIGATION_FULFILLED,
    OBLIGATION_OPENED,
    OBLIGATION_OVERDUE,
    ObligationState,
)
from shared.contracts.region import Deadline
from shared.contracts.vocabulary import CountsWhen, InnovationStatus, ObligationStatus

VERIFICATION = "verification"
REGISTRY = "registry"

CONTRACT_OF: dict[ObligationStatus, AnyContract] = {
    ObligationStatus.OPEN: OBLIGATION_OPENED,
    ObligationStatus.FULFILLED: OBLIGATION_FULFILLED,
    ObligationStatus.OVERDUE: OBLIGATION_OVERDUE,
    ObligationStatus.EXEMPTED: OBLIGATION_EXEMPTED,
}


class MissingFact(StrEnum):
    """The fact that must be known before an obligation can be derived. DEADLINE: the region has set none for this year,
    so there is no obligation."""

    AGENCY = "agency"
    REGION = "region"
    DEADLINE = "deadline"


class ObligationPhase(StrEnum):
    """The state of an obligation as queries need it: the public status, but WAITING is open while enough innovations
    await the curator, REGISTRY is open after the deadline until it is known what was submitted in time, and UNKNOWN
    lacks a fact."""

    OPEN = "open"
    WAITING = "waiting"
    REGISTRY = "registry"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    EXEMPTED = "exempted"
    UNKNOWN = "unknown"


class Progress(StrEnum):
    """How far the furthest innovation has come."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"


UNFULFILLED = (ObligationPhase.OPEN, ObligationPhase.REGISTRY, ObligationPhase.OVERDUE)
"""The agency must still do something, or it is not known yet whether it must."""

PROGRESS = {
    Rank.DRAFT: Progress.DRAFT,
    Rank.SUBMITTED: Progress.SUBMITTED,
    Rank.RETURNED: Progress.RETURNED,
    Rank.VERIFIED: Progress.VERIFIED,
}


@dataclass(frozen=True)
class Derived:
    """What follows from the facts. closes: the first moment after the deadline; waiting_since: of a waiting one;
    progress_since: None: not known; spell: empty, or what opened the obligation again (`<innovation>/<turn>`, or
    `exemption/<n>` for the n-th lifting)."""

    public: ObligationState
    phase: ObligationPhase
    closes: datetime
    waiting_since: datetime | None
    progress: Progress
    progress_since: datetime | None
    spell: str
    spell_since: datetime | None

    @property
    def may_be_late(self) -> bool:
        """Whether the deadline has passed before it was fulfilled."""
        late = self.public.on_time is False
        return late or self.phase in (ObligationPhase.REGISTRY, ObligationPhase.OVERDUE)


def derive(facts: Facts, selection: Selection, now: datetime) -> Derived | MissingFact:
    """The obligation at business time `now`, or the fact that is missing."""
    if facts.agency is None:
        return MissingFact.AGENCY
    if facts.region is None:
        return MissingFact.REGION
    if facts.region.deadline is None:
        return MissingFact.DEADLINE
    agency, region, deadline = facts.agency, facts.region, facts.region.deadline
    closes = closes_at(deadline, region.zone)
    minimum = region.minimum_of(agency.kind)
    ground = _ground(facts, agency, region, deadline)
    changes: dict[str, object] = {}
    waiting_since = None
    if len(selection.counted) >= minimum:
        changes = {"status": ObligationStatus.FULFILLED, **_fulfilment(selection, region, deadline)}
    elif ground:
        changes = {"status": ObligationStatus.EXEMPTED}
    elif region.counts_when is CountsWhen.VERIFIED and _awaits_curator(selection, region, deadline, minimum):
        changes, waiting_since = {"waiting": VERIFICATION}, _handed_in(selection)
    elif now >= closes and not _all_heard(facts, deadline):
        # a deadline that had passed when it was set is waited for since then
        changes, waiting_since = {"waiting": REGISTRY}, max(closes, deadline.set_at)
    elif now >= closes:
        changes = {"status": ObligationStatus.OVERDUE}
    public = ObligationState(
        agency=facts.agency_id,
        region=region.code,
        year=facts.year,
        status=ObligationStatus.OPEN,
        minimum=minimum,
        deadline=deadline.date,
        hour=deadline.hour,
        deadline_revision=deadline.revision,
        counted=tuple(sorted(each.innovation for each in selection.counted)),
        ground=ground,
    ).model_copy(update=changes)
    phase = phase_of(public)
    spell, spell_since = _spell(facts, selection) if phase in UNFULFILLED else ("", None)
    furthest = selection.furthest
    return Derived(
        public=public,
        phase=phase,
        closes=closes,
        waiting_since=waiting_since,
        progress=PROGRESS[furthest.index.rank] if furthest else Progress.NONE,
        progress_since=furthest.status_since if furthest else None,
        spell=spell,
        spell_since=spell_since,
    )


def phase_of(public: ObligationState) -> ObligationPhase:
    """The phase that is indexed for a public state."""
    match public.waiting:
        case None:
            return ObligationPhase(public.status)
        case waiting:
            return ObligationPhase.REGISTRY if waiting == REGISTRY else ObligationPhase.WAITING


def _ground(facts: Facts, agency: AgencyFact, region: RegionFact, deadline: Deadline) -> str | None:
    """Why the agency owes nothing. A retired agency is judged by the deadline, not by the year. A cancelled deadline
    comes last: it is told to those who would owe something without that."""
    if facts.exemption is not None and facts.exemption.in_force:
        return "decree"
    if agency.retired and (agency.retired_on is None or agency.retired_on <= deadline.date):
        return "retired"
    too_early = agency.obliged_from is not None and facts.year < agency.obliged_from
    if too_early or agency.kind not in region.obliged_kinds:
        return "not_obliged"
    return "cancelled" if deadline.cancelled else None


def _fulfilment(selection: Selection, region: RegionFact, deadline: Deadline) -> dict[str, object]:
    """Whether it was on time depends on the first submissions, not on when the curator verifies. The time of fulfilment
    is that at which the last innovation needed began to count."""
    decides = selection.counted[-1].first_submitted_at
    began = selection.began[-1] if selection.began else None
    fulfilled_at = (began.verified_at or began.first_submitted_at) if began else decides
    on_time = decides is not None and deadline.allows(decides, region.zone)
    return {"on_time": on_time, "fulfilled_at": fulfilled_at}


def _awaits_curator(selection: Selection, region: RegionFact, deadline: Deadline, minimum: int) -> bool:
    """Whether the innovations that were first submitted in time, and are neither returned nor withdrawn, would be
    enough."""
    if len(selection.live) < minimum:
        return False
    decides = selection.live[-1].first_submitted_at
    return decides is not None and deadline.allows(decides, region.zone)


def _handed_in(selection: Selection) -> datetime | None:
    """Since when the curator has had all of them: the latest submission that is not verified."""
    waiting = [each for each in selection.live if each.status is InnovationStatus.SUBMITTED]
    return max((since for each in waiting if (since := each.status_since or each.first_submitted_at)), default=None)


def _all_heard(facts: Facts, deadline: Deadline) -> bool:
    """Whether the registry said what had been submitted when this revision of the deadline passed, and all of it that
    concerns this agency was heard of."""
    passed = facts.passed
    return passed is not None and passed.revision == deadline.revision and not passed.missing


def _spell(facts: Facts, selection: Selection) -> tuple[str, datetime | None]:
    """What opened the obligation again, and when: the later of an innovation that went and an exemption that was
    lifted."""
    gone: Entry | None = selection.gone
    exemption = facts.exemption
    if exemption and exemption.lifts and exemption.lifted_at and not exemption.in_force:
        later = gone is None or gone.status_since is None or exemption.lifted_at > gone.status_since
        if later:
            return f"exemption/{exemption.lifts}", exemption.lifted_at
    return (f"{gone.innovation}/{gone.turn}", gone.status_since) if gone else ("", None)
