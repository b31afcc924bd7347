"""The facts behind many alerts, read at once: which of them still hold, and what their texts need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notifications.contacts.contact import Contact
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.messages.message import Message
from services.notifications.messages.texts.details import AlertDetails, DutyDetails
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.summary import summary_of
from services.notifications.reminders.policy.alert_policy import DEFAULT
from services.notifications.reminders.reasons import duty_reasons
from shared.contracts.message import Alert, Reason
from shared.contracts.region import deadline_in_force, policy_in_force
from shared.contracts.vocabulary import CountsWhen, ReasonKind
from shared.ports.store import ID, OneOf, Store

_AT_ONCE = 500  # ids of one query
OTHERS_LAST = timedelta(days=7)  # what no deadline ends


@dataclass(frozen=True)
class ReadFacts:
    """What was read for some alerts. obligations: by `<agency>/<year>`; agencies: id → name."""

    obligations: Mapping[str, ObligationDocument] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)

    def holding(self, message: Message, contact: Contact, region: KnownRegion, today: date) -> list[AlertDetails]:
        """The details of those alerts of the message that hold on the local day `today`. A contact that has moved is
        told of its own agencies only, and one whose addresses were replaced is told anew by another alert."""
        found = [
            self._details(alert, contact, region, today)
            for alert in message.alerts
            if alert.address_revision == contact.address_revision
        ]
        return [each for each in found if each is not None]

    def time_left(self, details: Sequence[AlertDetails], region: KnownRegion, now: datetime) -> timedelta:
        """Until the first of them no longer holds."""
        ends = [_end(each, region) for each in details if isinstance(each, DutyDetails)]
        coming = [end - now for end in ends if end > now]
        return min(coming, default=OTHERS_LAST)

    def _details(self, alert: Alert, contact: Contact, region: KnownRegion, today: date) -> AlertDetails | None:
        match alert.reason.kind:
            case ReasonKind.DUTY:
                return self._duty(alert, contact, region, today)
            case _:
                return None

    def _duty(self, alert: Alert, contact: Contact, region: KnownRegion, today: date) -> DutyDetails | None:
        reason = alert.reason
        if reason.agency is None or reason.year is None or reason.agency not in contact.agencies:
            return None
        document = self.obligations.get(obligation_id(reason.agency, reason.year))
        name = self.agencies.get(reason.agency)
        if document is None or document.public is None or name is None:
            return None
        summary = summary_of(document)
        due = duty_reasons(summary, DEFAULT, region.value.zone, today) if summary else []
        if all(each.reason != reason for each in due):
            return None
        public = document.public
        policy = policy_in_force(region.value.policies, public.year)
        in_force = deadline_in_force(region.value.deadlines, public.year)
        return DutyDetails(
            alert=alert,
            agency=name,
            year=public.year,
            deadline=public.deadline,
            hour=public.hour,
            basis=in_force.basis if in_force else "",
            decree=policy.decree if policy else "",
            counted=len(public.counted),
            minimum=public.minimum,
            counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
        )


class AlertFacts:
    """Reads the facts behind alerts."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._obligations = obligation_repository(store)
        self._known_facts = known_facts

    async def read(self, reasons: Iterable[Reason]) -> ReadFacts:
        """Everything that these reasons name, in a few queries."""
        duties = {
            obligation_id(each.agency, each.year)
            for each in reasons
            if each.kind is ReasonKind.DUTY and each.agency and each.year
        }
        agencies = {id.partition("/")[0] for id in duties}
        return ReadFacts(
            obligations=await self._read_obligations(sorted(duties)),
            agencies=await self._known_facts.names(sorted(agencies)),
        )

    async def _read_obligations(self, ids: Sequence[str]) -> dict[str, ObligationDocument]:
        found: dict[str, ObligationDocument] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            page = await self._obligations.list({ID: OneOf(some)}, limit=len(some), after=None)
            found |= {each.id: each.value for each in page.items}
        return found


def _end(details: DutyDetails, region: KnownRegion) -> datetime:
    """The end of the deadline, after which what a message before it says is wrong."""
    zone = ZoneInfo(region.value.zone)
    if details.hour is not None:
        return datetime.combine(details.deadline, details.hour, zone)
    return datetime.combine(details.deadline + timedelta(days=1), time(0), zone)
