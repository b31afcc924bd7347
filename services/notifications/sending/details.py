"""What the text of each alert needs, from facts that were read before. No I/O.

An alert holds while its reason is due by the rules of `reminders/reasons.py`, for the addresses that it was meant for,
and while the contact still answers for its agency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.known import FormerScore
from services.notifications.messages.alert import alert_of
from services.notifications.messages.message import Message
from services.notifications.messages.texts.details import (
    AlertDetails,
    ContactDetails,
    DeadlineDetails,
    DutyDetails,
    EndpointDetails,
    IdeaDetails,
    InnovationDetails,
    QuestionDetails,
    ReportDetails,
)
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entry import Entry, Score, Tell, entry_id
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary, summary_of
from services.notifications.questions.asked import RIGHT_ENDS, Questions
from services.notifications.questions.ideas import PublicIdea
from services.notifications.reminders.asked.reasons import requested_reasons
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import (
    BEHIND,
    CANCELLED,
    CONFIRM,
    DueReason,
    contact_reasons,
    dated_reasons,
    duty_reasons,
    endpoint_reasons,
    idea_reasons,
    innovation_reasons,
    report_reasons,
    unreachable_reasons,
)
from shared.contracts.endpoint import DisablingCause, EndpointChanged
from shared.contracts.message import Alert, Reason
from shared.contracts.region import policy_in_force
from shared.contracts.vocabulary import CountsWhen, InnovationStatus, ReasonKind
from shared.storage.repository import Versioned

_EXEMPTION = "exemption"
_OPENED_BY = {InnovationStatus.RETURNED: "returned", InnovationStatus.WITHDRAWN: "withdrawn"}
ReportKey = tuple[str, str]


@dataclass
class ReadFacts:
    """What was read for a batch. frames: by region; obligations, entries, scores (by their entry), subjects (contacts
    that alerts are about): by id; names: of agencies; paths: of confirmation links, by person and channel; behind: by
    region; missing: ids of innovations, by region and year; reports: by region and week; endpoints, ideas: by id;
    questions: by innovation; waiting_ideas: when those came in that nobody has decided on, by region."""

    frames: dict[str, RegionFrame] = field(default_factory=dict)
    summaries: dict[str, ObligationSummary] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    scores: dict[str, Score | FormerScore] = field(default_factory=dict)
    subjects: dict[str, Versioned[Contact]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    paths: dict[str, dict[ChannelName, str]] = field(default_factory=dict)
    behind: dict[str, list[DueReason]] = field(default_factory=dict)
    missing: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    reports: dict[ReportKey, ReportDetails] = field(default_factory=dict)
    endpoints: dict[str, EndpointChanged] = field(default_factory=dict)
    questions: dict[str, Questions] = field(default_factory=dict)
    ideas: dict[str, PublicIdea] = field(default_factory=dict)
    waiting_ideas: dict[str, tuple[datetime, ...]] = field(default_factory=dict)

    def holding(self, message: Message, contact: Versioned[Contact]) -> list[AlertDetails]:
        """The details of those alerts of the message that hold now."""
        frame = self.frames.get(message.region)
        if frame is None or contact.value.erased:
            return []
        reader = Reader(self, frame, contact)
        found = [reader.details(alert) for alert in message.alerts]
        return [each for each in found if each is not None]

    def duty(self, agency: str, year: int) -> ObligationSummary | None:
        """The summary of a duty that was read; None while its facts are not known."""
        return self.summaries.get(obligation_id(agency, year))

    def add_obligations(self, found: Mapping[str, ObligationDocument]) -> None:
        """Add duties by id; those of which a fact is missing are left out."""
        summaries = {id: summary_of(document) for id, document in found.items()}
        self.summaries |= {id: summary for id, summary in summaries.items() if summary is not None}


@dataclass(frozen=True)
class Reader:
    """One person, to whom alerts are told in a region."""

    facts: ReadFacts
    frame: RegionFrame
    contact: Versioned[Contact]

    @staticmethod
    def report_key(reason: Reason) -> ReportKey:
        """Of `ReadFacts.reports`."""
        return reason.region, reason.week or ""

    def details(self, alert: Alert) -> AlertDetails | None:
        """The details of an alert; None when it does not hold."""
        reason, person = alert.reason, self.contact.value
        answers = reason.agency is None or reason.agency in person.agencies
        own = reason.kind is ReasonKind.CONTACT and reason.what == CONFIRM  # named by its reason
        if (alert.address_revision != person.address_revision and not own) or not answers:
            return None
        return self._of_kind(alert)

    def _of_kind(self, alert: Alert) -> AlertDetails | None:  # noqa: PLR0911 - one for each kind
        match alert.reason.kind:
            case ReasonKind.DUTY:
                return self._duty(alert)
            case ReasonKind.INNOVATION:
                return self._innovation(alert)
            case ReasonKind.CONTACT:
                return self._contact(alert)
            case ReasonKind.DEADLINE:
                return self._deadline(alert)
            case ReasonKind.REPORT:
                return self._report(alert)
            case ReasonKind.ENDPOINT:
                return self._endpoint(alert)
            case ReasonKind.QUESTION:
                return self._question(alert)
            case ReasonKind.IDEA:
                return self._ideas(alert) if alert.reason.idea is None else self._idea(alert)

    def _duty(self, alert: Alert) -> DutyDetails | None:
        agency, year = alert.reason.agency or "", alert.reason.year or 0
        duty = self.facts.duty(agency, year)
        if duty is None or not _among(alert, self._duty_reasons(duty, alert.reason.day)):
            return None
        policy = policy_in_force(self.frame.region.policies, year)
        return DutyDetails(
            alert=alert,
            agency=self._name(agency),
            year=year,
            deadline=duty.deadline,
            hour=duty.hour,
            basis=duty.basis,
            decree=policy.decree if policy else "",
            counted=duty.counted,
            minimum=duty.minimum,
            counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
            progress=duty.progress.value,
            opened_by=self._opened_by(duty),
            innovation=self._opener(duty),
            previous=duty.previous,
        )

    def _opened_by(self, duty: ObligationSummary) -> str:
        cause, _, _ = duty.spell.partition("/")
        if not cause or cause == _EXEMPTION:
            return cause
        entry = self.facts.entries.get(entry_id(duty.agency, duty.year, cause))
        return _OPENED_BY.get(entry.status, "moved") if entry and entry.here else "moved"

    def _opener(self, duty: ObligationSummary) -> str:
        """The name of the innovation that opened the duty again."""
        entry = self.facts.entries.get(entry_id(duty.agency, duty.year, duty.spell.partition("/")[0]))
        return entry.name if entry else ""

    def _innovation(self, alert: Alert) -> InnovationDetails | None:
        reason = alert.reason
        agency, year, innovation = reason.agency or "", reason.year or 0, reason.innovation or ""
        entry = self.facts.entries.get(entry_id(agency, year, innovation))
        if entry is None or not _among(alert, innovation_reasons(entry, self.frame.zone, self.frame.day)):
            return None
        score = self.facts.scores.get(entry.id) if reason.what == Tell.SCORED else None
        duty = self.facts.duty(agency, year)
        ahead = duty is not None and duty.phase is ObligationPhase.OPEN and duty.deadline >= self.frame.day
        return InnovationDetails(
            alert=alert,
            agency=self._name(agency),
            year=year,
            name=entry.name,
            on=self.frame.local_day(entry.status_since) if entry.status_since else None,
            claimed=score.claimed if score else None,
            verified=score.verified if score else None,
            most=score.most if score else None,
            deadline=duty.deadline if duty and ahead else None,
            hour=duty.hour if duty and ahead else None,
        )

    def _deadline(self, alert: Alert) -> DeadlineDetails | None:
        reason = alert.reason
        year = reason.year or 0
        if reason.what == BEHIND:
            if not _among(alert, self.facts.behind.get(self.frame.code, [])):
                return None
            return DeadlineDetails(alert, year, missing=self.facts.missing.get((self.frame.code, year), ()))
        duties = [duty for duty in self._own_duties(year) if _among(alert, self._duty_reasons(duty))]
        if not duties:
            return None
        first, names = duties[0], tuple(sorted(self._name(duty.agency) for duty in duties))
        if reason.what == CANCELLED:
            return DeadlineDetails(alert, year, names, old=first.deadline, old_hour=first.hour, basis=first.basis)
        return DeadlineDetails(
            alert=alert,
            year=year,
            agencies=names,
            old=first.previous,
            old_hour=first.previous_hour,
            new=first.deadline,
            new_hour=first.hour,
            basis=first.basis,
        )

    def _contact(self, alert: Alert) -> ContactDetails | None:
        reason, frame = alert.reason, self.frame
        subject = self.facts.subjects.get(reason.person or "")
        if subject is None:
            return None
        changed, names = (
            frame.changed_on(subject.sequence),
            tuple(sorted(self._name(agency) for agency in subject.value.agencies)),
        )
        if reason.what == CONFIRM:
            due = contact_reasons(subject.id, subject.value, changed, frame.day)
            # by id: a release before 0.2 did not name the channel
            found = next((each for each in due if alert_of(each.reason, subject.id, 1).id == alert.id), None)
            if found is None:
                return None
            channel_name = found.reason.channel
            path = self.facts.paths.get(subject.id, {}).get(ChannelName(channel_name), "")
            return ContactDetails(alert, names, channel=channel_name, path=path)
        if not _among(alert, unreachable_reasons(subject.id, subject.value, changed, frame.day)):
            return None
        channel = next(each for each in ChannelName if subject.value.closed_by(each))
        return ContactDetails(
            alert=alert,
            agencies=names,
            channel=channel.value,
            masked=subject.value.masked()["email" if channel is ChannelName.EMAIL else "phone"] or "",
            code=subject.value.closed_by(channel),
        )

    def _report(self, alert: Alert) -> ReportDetails | None:
        frame = self.frame
        due = report_reasons(frame.code, frame.region.deadlines, frame.policy, frame.day)
        found = self.facts.reports.get(self.report_key(alert.reason))
        if found is None or not _among(alert, due) or self.contact.value.role.of_agencies:
            return None
        return replace(found, alert=alert)

    def _endpoint(self, alert: Alert) -> EndpointDetails | None:
        endpoint = self.facts.endpoints.get(alert.reason.endpoint or "")
        if endpoint is None or self.contact.value.role.of_agencies:
            return None
        if not _among(alert, endpoint_reasons(endpoint, self.frame.zone, self.frame.day)):
            return None
        since, gone = self.frame.local_day(endpoint.since), endpoint.cause is DisablingCause.GONE
        return EndpointDetails(alert, endpoint.endpoint, endpoint.times, since, gone=gone)

    def _question(self, alert: Alert) -> QuestionDetails | None:
        reason = alert.reason
        questions = self.facts.questions.get(reason.innovation or "")
        if questions is None:
            return None
        told = questions.told if self.contact.value.role.of_agencies else questions.for_curators
        due = (each for each in told if each.due_on(self.frame.day))
        found = next((each for each in due if questions.reason(each) == reason), None)
        if found is None:
            return None
        right = next((each.kind for each in questions.rights if each.number == reason.times), None)
        return QuestionDetails(
            alert=alert,
            agency=self._name(questions.agency),
            year=questions.year,
            name=questions.name,
            times=reason.times or 0,
            on=self.frame.local_day(found.at) if found.at else found.on,
            right=right if reason.what == RIGHT_ENDS else None,
        )

    def _ideas(self, alert: Alert) -> IdeaDetails | None:
        frame, on = self.frame, alert.reason.day
        waiting = self.facts.waiting_ideas.get(frame.code, ())
        due = idea_reasons(frame.code, waiting, frame.zone, frame.day)
        if on is None or self.contact.value.role.of_agencies or not _among(alert, due):
            return None
        count = sum(frame.local_day(each) == on for each in waiting)
        return IdeaDetails(alert, on.year, on, count=count, waiting=len(waiting))

    def _idea(self, alert: Alert) -> IdeaDetails | None:
        idea = self.facts.ideas.get(alert.reason.idea or "")
        due = dated_reasons(idea, self.frame.day) if idea else []
        if idea is None or not _among(alert, due):
            return None
        return IdeaDetails(alert, alert.reason.year or 0, self.frame.local_day(idea.since), self._name(idea.agency))

    def _own_duties(self, year: int) -> Iterator[ObligationSummary]:
        for agency in self.contact.value.agencies:
            duty = self.facts.duty(agency, year)
            if duty is not None:
                yield duty

    def _duty_reasons(self, duty: ObligationSummary, asked_on: date | None = None) -> list[DueReason]:
        """asked_on: the day on which a curator asked for it."""
        due = duty_reasons(duty, self.frame.policy, self.frame.zone, self.frame.day)
        return due + requested_reasons(duty, asked_on, self.frame.day)

    def _name(self, agency: str) -> str:
        return self.facts.names.get(agency, "")


def time_left(details: list[AlertDetails], frame: RegionFrame) -> timedelta | None:
    """Until the first deadline ends that the details speak of as coming; None without one."""
    ends = [frame.closings.get(each.year) for each in details if isinstance(each, DutyDetails)]
    coming = [end - frame.now for end in ends if end is not None and end > frame.now]
    return min(coming, default=None)


def _among(alert: Alert, due: list[DueReason]) -> bool:
    return alert.reason in [each.reason for each in due]
