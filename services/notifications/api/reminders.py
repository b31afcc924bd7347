"""The `/reminders` routes: a curator asks to remind agencies of their duty now, and reads before who would be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.contacts.agencies import REFUSALS
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.known import KnownFacts
from services.notifications.reminders.asked.asking import Asking, Judged, Wanted
from services.notifications.reminders.asked.outcome import Outcome
from services.notifications.reminders.asked.request import AskedAgency, ReminderRequest
from services.notifications.reminders.reminder import Deferral, Reminder
from shared.auth.policy import Principal, Role
from shared.contracts.fields import Id, RegionCode, Year
from shared.faults import Flaw, Invalid
from shared.storage.repository import Versioned
from shared.web.preconditions import IdempotencyKey, etag, fingerprint, idempotent_id
from shared.web.routes import Routes, Who, created, get, post

MOST_AGENCIES = 200
RequestInPath = Annotated[Id, Path(description="The request's id.")]
_EXAMPLES = {
    "two": {
        "summary": "Two agencies",
        "value": {
            "region": "61.12",
            "year": 2026,
            "agencies": ["7b1c9a54-0000-4000-8000-000000000001", "7b1c9a54-0000-4000-8000-000000000002"],
        },
    }
}


class NewReminders(BaseModel):
    """Which agencies of the region to remind of their duty of the year."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode = Field(examples=["61.12"])
    year: Year = Field(examples=[2026])
    agencies: list[Id] = Field(min_length=1, max_length=MOST_AGENCIES)


class RecipientAnswer(BaseModel):
    """A person who would be told, masked. channel: the first that is tried; deferred_by, not_before: as in the due
    list."""

    person: str
    name: str | None
    address: str | None
    channel: ChannelName
    deferred_by: Deferral | None
    not_before: datetime | None

    @classmethod
    def of(cls, reminder: Reminder) -> Self:
        """From the due list."""
        masked = reminder.contact.masked()
        return cls(
            person=reminder.person,
            name=masked["name"],
            address=masked["email" if reminder.channel is ChannelName.EMAIL else "phone"],
            channel=reminder.channel,
            deferred_by=reminder.deferred_by,
            not_before=reminder.not_before,
        )


class AskedAgencyAnswer(BaseModel):
    """What becomes of it for one agency. agency_name: empty for an unknown one; email, whatsapp: how many persons are
    told first through that channel; recipients: who, in a preview only: a stored request names no person."""

    agency: str
    agency_name: str
    outcome: Outcome
    email: int
    whatsapp: int
    recipients: list[RecipientAnswer]

    @classmethod
    def of(cls, asked: AskedAgency, name: str, people: Iterable[Reminder] = ()) -> Self:
        """people: who is told."""
        recipients = [RecipientAnswer.of(each) for each in people]
        return cls(**asked.model_dump(), agency_name=name, recipients=recipients)


class RemindersAnswer(BaseModel):
    """deferred_by: why nobody at all is told now (`log`, `allow-list`, `stopped`, `quiet`), null: somebody may be;
    not_before: until when, null: that is not known."""

    region: str
    year: int
    agencies: list[AskedAgencyAnswer]
    deferred_by: Deferral | None
    not_before: datetime | None


class ReminderRequestAnswer(RemindersAnswer):
    """A stored request. day: the region's local day on which it was asked: once a day for each agency and year; by: the
    account."""

    id: str
    day: date
    at: datetime
    by: str


class ReminderRoutes(Routes):
    """What is asked for is told by the sweep and the sender as everything that is due."""

    prefix = "/reminders"
    tag = "reminders"

    def __init__(self, asking: Asking, known_facts: KnownFacts) -> None:
        self._asking = asking
        self._known_facts = known_facts

    @post("", Role.CURATOR, status_code=201)
    async def ask_for_reminders(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewReminders, Body(openapi_examples=_EXAMPLES)],
    ) -> ReminderRequestAnswer:
        """Remind agencies of their duty now, in addition to the schedule. Each agency gets an outcome: its people are
        told (`tell`), or why nobody is. It is stored in one write, and told under the rules of every alert: the mode,
        the stop switch, quiet times, daily caps. For an agency and a year once a day, whoever asks; who is told of the
        same duty by the schedule that day gets no second message."""
        wanted = await self._wanted(who, body)
        stored = await self._asking.ask(idempotent_id(who, key), wanted, who.id, fingerprint(body))
        created(request, response, f"reminders/{stored.id}", stored.sequence)
        return await self._answer(stored)

    @post("/preview", Role.CURATOR)
    async def preview_reminders(
        self, *, who: Who, body: Annotated[NewReminders, Body(openapi_examples=_EXAMPLES)]
    ) -> RemindersAnswer:
        """Say what such a request would do now: who would be told, by which channel and when, and who not and why.
        Nothing is stored. What the message says is at `/preview`, with `what=on-request`."""
        wanted = await self._wanted(who, body)
        judged = await self._asking.judge(wanted)
        deferred_by, not_before = await self._asking.silence(wanted.region)
        return RemindersAnswer(
            region=wanted.region,
            year=wanted.year,
            agencies=[_previewed(each) for each in judged],
            deferred_by=deferred_by,
            not_before=not_before,
        )

    @get("/{id}", Role.CURATOR, Role.OPERATOR)
    async def read_reminder_request(self, *, who: Who, response: Response, id: RequestInPath) -> ReminderRequestAnswer:
        """Read what was asked for, and what became of it. What was sent is at `/messages`."""
        found = await self._asking.requests.repository.get(id)
        if not who.may_see_region(found.value.region):
            raise self._asking.requests.repository.missing()
        etag(response, found.sequence)
        return await self._answer(found)

    async def _wanted(self, who: Principal, body: NewReminders) -> Wanted:
        """Raises Forbidden for another region, Invalid for an agency that is named twice or is another region's."""
        who.require_region(body.region)
        foreign = await self._known_facts.foreign(body.region, body.agencies)
        flaws, seen = list[Flaw](), set[str]()
        for number, id in enumerate(body.agencies):
            if id in foreign:
                flaws.append(Flaw(f"agencies.{number}", "other-region", _OTHER_REGION.format(region=body.region)))
            elif id in seen:
                flaws.append(Flaw(f"agencies.{number}", "repeated", "perangkat daerah ini sudah disebut"))
            seen.add(id)
        if flaws:
            raise Invalid(flaws)
        return Wanted(body.region, body.year, tuple(body.agencies))

    async def _answer(self, request: Versioned[ReminderRequest]) -> ReminderRequestAnswer:
        value = request.value
        names = await self._known_facts.names([each.agency for each in value.agencies])
        deferred_by, not_before = await self._asking.silence(value.region)
        return ReminderRequestAnswer(
            id=request.id,
            region=value.region,
            year=value.year,
            day=value.day,
            at=value.at,
            by=value.by,
            agencies=[AskedAgencyAnswer.of(each, names.get(each.agency, "")) for each in value.agencies],
            deferred_by=deferred_by,
            not_before=not_before,
        )


_OTHER_REGION = REFUSALS["other-region"]


def _previewed(judged: Judged) -> AskedAgencyAnswer:
    return AskedAgencyAnswer.of(judged.stored(), judged.name, judged.people)
