"""Which reasons are due on a local day. Pure: the sweep, the due list, the sender and dry runs ask the same functions.

A reason is due on a span of local days; what was due and never told remains only in the lists of curator and
executive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.entry import Entry, Tell
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.questions.asked import Questions
from services.notifications.questions.told import Dated
from services.notifications.reminders.ladder import next_begin, rung_on, rungs
from services.notifications.reminders.policy.alert_policy import AlertPolicy
from shared.contracts.endpoint import DisablingCause, EndpointChanged, EndpointStatus
from shared.contracts.message import Reason
from shared.contracts.region import Deadline, deadline_in_force
from shared.contracts.vocabulary import InnovationStatus, ReasonKind, Zone

MOVED, CANCELLED, BEHIND = "moved", "cancelled", "registry-behind"
CONFIRM, UNREACHABLE, WEEKLY = "confirm", "unreachable", "weekly"
ENDPOINT_DISABLED = "endpoint-disabled"
IDEAS_RECEIVED = "ideas-received"

MOVED_FOR = 30  # days, and never beyond the new deadline
ENDPOINT_FOR = 30  # days
NEWS_FOR = 7  # days: a cancelled deadline, a verified or scored innovation, the ideas of a day
_CANCELLED_GROUND = "cancelled"


@dataclass(frozen=True)
class DueReason:
    """A reason and the local days, both included, on which it is due. last: None while the fact itself lasts; deadline:
    the day that it is about, for the order in which people are told."""

    reason: Reason
    first: date
    last: date | None = None
    deadline: date = date.max

    def due_on(self, day: date) -> bool:
        """Whether it is due on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)


def projected(duty: ObligationSummary, day: date) -> ObligationSummary:
    """The duty as it will be on `day`, a local day before or after today, if nobody does anything. For dry runs."""
    passed = day > duty.deadline
    if duty.phase is ObligationPhase.OPEN and passed:
        return duty.model_copy(update={"phase": ObligationPhase.OVERDUE})
    if duty.phase is ObligationPhase.OVERDUE and not passed:
        return duty.model_copy(update={"phase": ObligationPhase.OPEN})
    return duty


def duty_reasons(duty: ObligationSummary, policy: AlertPolicy, zone: Zone, day: date) -> list[DueReason]:
    """The stage of the ladder that is due on `day`, and what became of the deadline."""
    found = [*_stage(duty, policy, zone, day), *_deadline_news(duty, zone)]
    return [each for each in found if each.due_on(day)]


def next_day(duty: ObligationSummary, policy: AlertPolicy, zone: Zone, day: date) -> date:
    """The next local day after `day` on which another reason of this duty can become due without any change;
    `date.max` for none."""
    if duty.phase not in (ObligationPhase.OPEN, ObligationPhase.OVERDUE):
        return date.max
    return next_begin(rungs(policy, duty.deadline, opened_on(duty, zone)), day) or date.max


def opened_on(duty: ObligationSummary, zone: Zone) -> date | None:
    """The first local day of the duty's spell; None without one."""
    return local_date(duty.spell_since, zone) if duty.spell and duty.spell_since else None


def innovation_reasons(entry: Entry, zone: Zone, day: date) -> list[DueReason]:
    """What the agency is to be told of the innovation's present turn. One that was imported for a past year, or whose
    registry does not count turns yet, tells nobody."""
    if not entry.here or not entry.turn or entry.status_since is None or (entry.imported and entry.year < day.year):
        return []
    since = local_date(entry.status_since, zone)
    found = [_innovation_reason(entry, what, since) for what in _happened(entry)]
    return [each for each in found if each.due_on(day)]


def contact_reasons(person: str, contact: Contact, changed: date, day: date) -> list[DueReason]:
    """That the person is asked to confirm each address that is new and not confirmed, through its own channel; goes to
    the person. changed: the local day on which the contact changed last."""
    if contact.erased:
        return []
    return [DueReason(_confirmation(person, contact, each), changed) for each in contact.to_confirm(day)]


def unreachable_reasons(person: str, contact: Contact, changed: date, day: date) -> list[DueReason]:
    """That an address was closed and the person has no open one left; goes to the curators while it is so."""
    if contact.erased or not contact.closed or contact.open_channels or not contact.valid_on(day):
        return []
    reason = Reason(
        kind=ReasonKind.CONTACT,
        what=UNREACHABLE,
        region=contact.region,
        person=person,
        person_revision=contact.address_revision,
    )
    return [DueReason(reason, changed)]


def behind_reason(region: str, year: int, revision: int, since: date) -> DueReason:
    """That the registry has not told everything about a passed deadline; goes to the curators while it lasts."""
    reason = Reason(kind=ReasonKind.DEADLINE, what=BEHIND, region=region, year=year, deadline_revision=revision)
    return DueReason(reason, since)


def report_reasons(region: str, deadlines: Sequence[Deadline], policy: AlertPolicy, day: date) -> list[DueReason]:
    """The weekly report, from the policy's weekday to the end of the ISO week, while this year or the last has a duty;
    goes to curators and executives."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    in_force = (deadline_in_force(deadlines, each) for each in (day.year, day.year - 1))
    if all(each is None or each.cancelled for each in in_force):
        return []
    reason = Reason(kind=ReasonKind.REPORT, what=WEEKLY, region=region, week=f"{year}-W{week:02}")
    due = DueReason(reason, monday + timedelta(days=policy.report_weekday - 1), monday + timedelta(days=6))
    return [due] if due.due_on(day) else []


def endpoint_reasons(endpoint: EndpointChanged, zone: Zone, day: date) -> list[DueReason]:
    """That failures have disabled a webhook endpoint; goes to the curators while it is so. Who disables one himself
    need not be told."""
    if endpoint.status is not EndpointStatus.DISABLED or endpoint.cause in (None, DisablingCause.ACCOUNT):
        return []
    since = local_date(endpoint.since, zone)
    reason = Reason(
        kind=ReasonKind.ENDPOINT,
        what=ENDPOINT_DISABLED,
        region=endpoint.region,
        endpoint=endpoint.endpoint,
        times=endpoint.times,
    )
    due = DueReason(reason, since, since + timedelta(days=ENDPOINT_FOR - 1))
    return [due] if due.due_on(day) else []


def dated_reasons(subject: Dated, day: date) -> list[DueReason]:
    """What the agency of an innovation, or of a public idea, is asked or told on certain days."""
    return [
        DueReason(subject.reason(each), each.first, each.last, each.on) for each in subject.told if each.due_on(day)
    ]


def curator_reasons(questions: Questions, day: date) -> list[DueReason]:
    """That an agency asks the curators to withdraw its innovation."""
    return [
        DueReason(questions.reason(each), each.first, each.last, each.on)
        for each in questions.for_curators
        if each.due_on(day)
    ]


def idea_reasons(region: str, received: Iterable[datetime], zone: Zone, day: date) -> list[DueReason]:
    """That public ideas wait for the curators: one reason for each local day on which some came in, from the next
    morning for a week. received: of those that nobody has decided on."""
    found = []
    for on in sorted({local_date(each, zone) for each in received}):
        reason = Reason(kind=ReasonKind.IDEA, what=IDEAS_RECEIVED, region=region, year=on.year, day=on)
        found.append(DueReason(reason, on + timedelta(days=1), on + timedelta(days=NEWS_FOR)))
    return [each for each in found if each.due_on(day)]


def distinct(reasons: Iterable[DueReason]) -> list[DueReason]:
    """Each reason once, the nearest deadline first; ties in the order of their names, so that every run agrees."""
    return sorted({each.reason: each for each in reasons}.values(), key=_order)


def _order(due: DueReason) -> tuple[date, str]:
    return due.deadline, due.reason.model_dump_json()


def _stage(duty: ObligationSummary, policy: AlertPolicy, zone: Zone, day: date) -> Iterator[DueReason]:
    rung = rung_on(rungs(policy, duty.deadline, opened_on(duty, zone)), day, duty.phase)
    if rung is not None:
        reason = Reason(
            kind=ReasonKind.DUTY,
            what=rung.stage,
            region=duty.region,
            agency=duty.agency,
            year=duty.year,
            deadline_revision=duty.deadline_revision,
            spell=duty.spell,
        )
        yield DueReason(reason, rung.first, rung.last, duty.deadline)


def _deadline_news(duty: ObligationSummary, zone: Zone) -> Iterator[DueReason]:
    if duty.cancelled:
        # whoever has fulfilled the duty need not hear of it
        if duty.cancelled_at and duty.ground == _CANCELLED_GROUND and duty.phase is ObligationPhase.EXEMPTED:
            yield _deadline_reason(duty, CANCELLED, duty.cancelled_at, zone, NEWS_FOR)
    elif duty.moved_at and duty.phase in (ObligationPhase.OPEN, ObligationPhase.OVERDUE):
        moved = _deadline_reason(duty, MOVED, duty.moved_at, zone, MOVED_FOR)
        yield DueReason(moved.reason, moved.first, min(moved.last or duty.deadline, duty.deadline), duty.deadline)


def _deadline_reason(duty: ObligationSummary, what: str, at: datetime, zone: Zone, days: int) -> DueReason:
    reason = Reason(
        kind=ReasonKind.DEADLINE,
        what=what,
        region=duty.region,
        year=duty.year,
        deadline_revision=duty.deadline_revision,
    )
    first = local_date(at, zone)
    return DueReason(reason, first, first + timedelta(days=days - 1), duty.deadline)


def _happened(entry: Entry) -> Iterator[Tell]:
    if entry.status is InnovationStatus.RETURNED:
        yield Tell.RETURNED
    elif entry.status is InnovationStatus.VERIFIED:
        yield Tell.VERIFIED
    if entry.scored_turn == entry.turn and entry.status in (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED):
        yield Tell.SCORED


def _innovation_reason(entry: Entry, what: Tell, since: date) -> DueReason:
    """Returned: while it is, and the alert logs remember it; else for a week."""
    reason = Reason(
        kind=ReasonKind.INNOVATION,
        what=what.value,
        region=entry.region,
        agency=entry.agency,
        year=entry.year,
        innovation=entry.innovation,
        turn=entry.turn,
    )
    remembered = date(since.year + 1, 12, 31)
    return DueReason(reason, since, remembered if what is Tell.RETURNED else since + timedelta(days=NEWS_FOR - 1))


def _confirmation(person: str, contact: Contact, channel: ChannelName) -> Reason:
    record = contact.record(channel)
    return Reason(
        kind=ReasonKind.CONTACT,
        what=CONFIRM,
        region=contact.region,
        person=person,
        person_revision=record.since,
        channel=channel.value,
        nth=record.nth,
    )
