"""A message as it would be now, with the real facts of a region and an agency, for those who want to read it first.

Where a fact does not exist yet (an innovation that nobody has returned), an invented one stands in and the preview says
so. It is never handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.messages.office import Offices
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.messages.rendering import Envelope, render
from services.notifications.messages.texts.details import (
    AlertDetails,
    ContactDetails,
    DeadlineDetails,
    DutyDetails,
    IdeaDetails,
    InnovationDetails,
    QuestionDetails,
    RegionDetails,
    ReportDetails,
)
from services.notifications.messages.texts.duty import OPENED_AGAIN
from services.notifications.messages.texts.samples import SAMPLE_ADDRESSES, SAMPLE_NAME, samples
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import entry_id
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.scores import score_of
from services.notifications.obligations.summary import ObligationSummary, summary_of
from shared.clock import Clock
from shared.contracts.message import ON_REQUEST
from shared.contracts.region import Deadline, policy_in_force
from shared.contracts.vocabulary import CountsWhen
from shared.faults import Flaw, Invalid, NotFound
from shared.ports.store import Store

_SAMPLES: Mapping[str, str] = {
    "returned": "innovation returned",
    "verified": "innovation verified",
    "scored": "innovation scored",
    "confirm": "contact confirm",
    "unreachable": "contact unreachable",
    "moved": "deadline moved",
    "cancelled": "deadline cancelled",
    "registry-behind": "deadline registry-behind",
    "weekly": "report weekly",
    "endpoint-disabled": "endpoint endpoint-disabled",
    "follow-up": "question follow-up",
    "follow-up-lapsed": "question follow-up-lapsed",
    "staff-leaves": "question staff-leaves",
    "withdrawal-asked": "question withdrawal-asked",
    "withdrawal-declined": "question withdrawal-declined",
    "withdrawn": "question withdrawn",
    "ideas-received": "idea ideas-received",
    "idea-handed-over": "idea idea-handed-over",
    "right-ends": "question right-ends of merek",
    ON_REQUEST: "duty on-request",
    OPENED_AGAIN: "duty opened-again returned",
}
_STAGES = ("before-", "overdue")


@dataclass(frozen=True)
class Wanted:
    """What to show. what: a stage of the ladder or another word of `Reason.what`; innovation: for `scored`."""

    region: str
    agency: str
    year: int
    what: str
    channel: ChannelName
    innovation: str = ""


@dataclass(frozen=True)
class Preview:
    """invented: whether some of its facts are."""

    message: RenderedMessage
    invented: bool


class Previews:
    """Makes previews."""

    def __init__(self, store: Store, known_facts: KnownFacts, offices: Offices, clock: Clock) -> None:
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)
        self._known_facts = known_facts
        self._offices = offices
        self._clock = clock

    async def show(self, wanted: Wanted) -> Preview:
        """Raises NotFound for an unknown region, agency or duty, Invalid for a word that no message is about."""
        known = await self._known_facts.region(wanted.region)
        agency = await self._known_facts.agency(wanted.agency)
        if known is None or agency is None or agency.value.region != wanted.region:
            raise NotFound("Daerah atau perangkat daerah ini tidak dikenal.")
        sample = _sample(wanted.what)
        summary = await self._summary(wanted)
        details, invented = await self._details(wanted, sample, agency.value.name, summary, known)
        region = RegionDetails(code=known.value.code, name=known.value.name, zone=known.value.zone)
        envelope = Envelope(
            message="pratinjau/1",
            mail="pratinjau",
            channel=wanted.channel,
            to=SAMPLE_ADDRESSES[wanted.channel],
            name=SAMPLE_NAME,
        )
        office = await self._offices.of(wanted.region)
        today = local_date(self._clock.now(), known.value.zone)
        return Preview(render(envelope, [details], region=region, today=today, office=office), invented)

    async def _summary(self, wanted: Wanted) -> ObligationSummary | None:
        found = await self._obligations.find(obligation_id(wanted.agency, wanted.year))
        return summary_of(found.value) if found else None

    async def _details(
        self, wanted: Wanted, sample: AlertDetails, name: str, summary: ObligationSummary | None, region: KnownRegion
    ) -> tuple[AlertDetails, bool]:
        """With the facts that exist; and whether others are invented."""
        if isinstance(sample, DutyDetails):
            return _duty(wanted, sample, name, summary, region), wanted.what == OPENED_AGAIN
        if isinstance(sample, InnovationDetails):
            return await self._innovation(wanted, replace(sample, agency=name, year=wanted.year))
        if isinstance(sample, DeadlineDetails):
            return _deadline(wanted, replace(sample, agencies=(name,)), region)
        if isinstance(sample, ContactDetails):
            return replace(sample, agencies=(name,)), True
        if isinstance(sample, QuestionDetails | IdeaDetails):
            return replace(sample, agency=name, year=wanted.year), True
        return (_report(sample) if isinstance(sample, ReportDetails) else sample), True

    async def _innovation(self, wanted: Wanted, sample: InnovationDetails) -> tuple[AlertDetails, bool]:
        found = await self._entries.find(entry_id(wanted.agency, wanted.year, wanted.innovation))
        score = await score_of(found.value if found else None, self._known_facts)
        if wanted.what != "scored" or score is None:
            return sample, True
        return replace(sample, name="", on=None, claimed=score.claimed, verified=score.verified, most=score.most), False


def _sample(what: str) -> AlertDetails:
    if what.startswith(_STAGES):
        return samples()["duty before-30"]
    if what not in _SAMPLES:
        words = ", ".join((*_SAMPLES, "before-30", "overdue"))
        raise Invalid([Flaw("what", "unknown", f"harus salah satu dari {words}")])
    return samples()[_SAMPLES[what]]


def _duty(
    wanted: Wanted, sample: DutyDetails, name: str, summary: ObligationSummary | None, region: KnownRegion
) -> DutyDetails:
    if summary is None:
        raise NotFound("Kewajiban ini tidak ada, atau datanya belum lengkap.")
    policy = policy_in_force(region.value.policies, wanted.year)
    reason = sample.alert.reason.model_copy(update={"what": wanted.what})
    return replace(
        sample,
        alert=sample.alert.model_copy(update={"reason": reason}),
        agency=name,
        year=wanted.year,
        deadline=summary.deadline,
        hour=summary.hour,
        basis=summary.basis,
        decree=policy.decree if policy else "",
        counted=summary.counted,
        minimum=summary.minimum,
        counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
        progress=summary.progress.value,
        previous=summary.previous,
    )


def _deadline(wanted: Wanted, sample: DeadlineDetails, region: KnownRegion) -> tuple[DeadlineDetails, bool]:
    history = sorted(
        (each for each in region.value.deadlines if each.year == wanted.year), key=lambda each: each.revision
    )
    if not history:
        raise NotFound("Tahun ini belum mempunyai tenggat.")
    new, old = history[-1], history[-2] if len(history) > 1 else None
    happened = {"moved": old is not None and not new.cancelled, "cancelled": new.cancelled}
    shown = replace(sample, year=wanted.year, basis=new.basis)
    if wanted.what == "cancelled":
        return replace(shown, old=new.date, old_hour=new.hour, new=None), not happened["cancelled"]
    if wanted.what == "moved":
        return _moved(shown, old or new, new), not happened["moved"]
    return replace(shown, new=new.date, new_hour=new.hour), True


def _moved(shown: DeadlineDetails, old: Deadline, new: Deadline) -> DeadlineDetails:
    return replace(shown, old=old.date, old_hour=old.hour, new=new.date, new_hour=new.hour)


def _report(sample: ReportDetails) -> ReportDetails:
    return replace(sample, waiting=sample.waiting[:3])
