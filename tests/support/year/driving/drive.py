"""Drives the real service through a year: events, people over HTTP, channels that follow the world's script."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import NEVER, MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.reminders.policy.alert_policy import AlertPolicies, AlertPolicy
from services.notifications.reminders.repositories import alert_policy_repository
from shared.contracts.event_types import decode_event
from shared.contracts.message import Reason as ReasonOfContract
from shared.contracts.vocabulary import ReasonKind
from shared.ports.store import OneOf
from shared.storage.steps import without_event
from tests.support.year.driving.events import event_of
from tests.support.year.driving.fake_channel import Planned, Recorded
from tests.support.year.driving.running import Running
from tests.support.year.driving.simulated_time import SimulatedTime
from tests.support.year.due import Reason
from tests.support.year.facts import (
    AlertPolicySaid,
    ContactErased,
    ContactSaid,
    Exempted,
    Fact,
    LinkFollowed,
)
from tests.support.year.histories.history import History
from tests.support.year.mail import Handed
from tests.support.year.naive import behind_moments, moments_of

NEXT_LOOK = timedelta(minutes=5)  # at the earliest, while a message waits for its provider
LATEST_LOOK = timedelta(minutes=11)  # by then the sweep has looked at a region's own people again
_LOOKED_AT = (MessageStatus.WAITING, MessageStatus.OPEN, MessageStatus.SENT)
_MOST_ROUNDS = 12


class Drive:
    """The service, and what it handed over so far. Its loops are run by hand until nothing changes any more."""

    def __init__(self, history: History, time: SimulatedTime) -> None:
        self._history = history
        self._time = time
        self._planned: list[tuple[datetime, int, Planned]] = []
        self._recorded: list[Recorded] = []
        self._people: dict[str, str] = {}
        self.rounds = 0

    def record(self, recorded: Recorded) -> None:
        """A hand-over was made."""
        self._recorded.append(recorded)

    def plan(self, planned: Planned) -> None:
        """A receipt will come."""
        heapq.heappush(self._planned, (planned.at, len(self._recorded), planned))

    async def is_fallback(self, attempt: str) -> bool:
        """Whether the attempt that was just opened is a second copy."""
        message = await message_repository(self._service.store).get(attempt.rpartition("/")[0])
        return message.value.last is not None and message.value.last.fallback

    async def run(self, service: Running) -> list[Handed]:
        """The whole year."""
        self._service, self._http = service, service.http
        facts, moments = list(self._history.facts), moments_of(self._history.facts, self._history.end)
        looks = {moment + LATEST_LOOK for moment in behind_moments(facts)}
        position = 0
        while True:
            ahead = [moments[0]] if moments else []
            ahead += [self._planned[0][0]] if self._planned else []
            now = min([*ahead, *looks], default=self._history.end)
            if now >= self._history.end:
                return [handed for each in self._recorded for handed in self._handed(each)]
            while moments and moments[0] <= now:
                moments.pop(0)
            self._time.move_to(now)
            before = (position, len(self._recorded), len(self._planned))
            while position < len(facts) and facts[position].at <= now:
                await self._happen(facts[position])
                position += 1
            while self._planned and self._planned[0][0] <= now:
                await service.parts.receipts.keep([heapq.heappop(self._planned)[2].receipt])
            await self._settle()
            looks = {each for each in looks if each > now} | await self._next_looks(now)
            if (position, len(self._recorded), len(self._planned)) != before:
                looks.add(now + LATEST_LOOK)

    async def _happen(self, fact: Fact) -> None:
        event = event_of(fact)
        if event is not None:
            received, payload = decode_event(event.encode())
            for types in self._service.parts.handlers.by_purpose().values():
                if received.type in types:
                    await types[received.type](received, payload)
            return
        happen: dict[type[Fact], Callable[[Any], Awaitable[None]]] = {
            Exempted: self._exempt,
            ContactSaid: self._contact,
            ContactErased: self._erase,
            LinkFollowed: self._confirm,
            AlertPolicySaid: self._policy,
        }
        if type(fact) in happen:
            await happen[type(fact)](fact)

    async def _settle(self) -> None:
        """Run the loops until nothing is handed over and no address is closed any more."""
        parts = self._service.parts
        for _ in range(_MOST_ROUNDS):
            self.rounds += 1
            before = len(self._recorded)
            await parts.catching_up.run()
            await parts.apply_receipts()
            await parts.sweep.run_if_needed()
            await parts.send()
            if len(self._recorded) == before:
                return
        raise AssertionError("the service hands over again and again")

    async def _next_looks(self, now: datetime) -> set[datetime]:
        """When the sender wants to look at a message again."""
        page = await message_repository(self._service.store).list(
            {"status": OneOf([each.value for each in _LOOKED_AT])}, sort=[("due", 1)], limit=1, after=None
        )
        if not page.items or page.items[0].value.due >= NEVER:
            return set()
        due = datetime.fromtimestamp(page.items[0].value.due / 1000, now.tzinfo)
        return {max(due, now + NEXT_LOOK)}

    # what people do

    async def _contact(self, fact: ContactSaid) -> None:
        body = {
            "region": fact.region,
            "role": fact.role,
            "agencies": list(fact.agencies),
            "name": fact.name,
            "email": fact.email or None,
            "phone": fact.phone or None,
            "preferred": fact.preferred,
            "valid_from": fact.valid_from.isoformat() if fact.valid_from else None,
            "valid_to": fact.valid_to.isoformat() if fact.valid_to else None,
            "consent_whatsapp": await self._consent(),
        }
        if fact.person not in self._people:
            headers = {"Idempotency-Key": fact.person}
            created = await self._ask("POST", "/contacts", fact.region, json=body, headers=headers)
            self._people[fact.person] = created.json()["id"]
            return
        flags = {"another_person": fact.another_person, "reopen": fact.reopen}
        path = f"/contacts/{self._people[fact.person]}"
        headers = {"If-Match": (await self._ask("GET", path, fact.region)).headers["etag"]}
        await self._ask("PUT", path, fact.region, json=body | flags, headers=headers)

    async def _erase(self, fact: ContactErased) -> None:
        region = next(
            each.region for each in self._history.facts if isinstance(each, ContactSaid) and each.person == fact.person
        )
        path = f"/contacts/{self._people[fact.person]}"
        headers = {"If-Match": (await self._ask("GET", path, region)).headers["etag"]}
        await self._ask("DELETE", path, region, headers=headers)

    async def _confirm(self, fact: LinkFollowed) -> None:
        channel = ChannelName(fact.channel)
        contacts = contact_repository(self._service.store)
        await contacts.amend(
            self._people[fact.person],
            None,
            without_event(lambda contact: contact.with_confirmed(channel, contact.address(channel))),
        )

    async def _exempt(self, fact: Exempted) -> None:
        path = f"/exemptions/{fact.agency}/{fact.year}"
        if not fact.lifted:
            await self._ask("PUT", path, fact.region, json={"decree": "SK 1/2026", "reason": "Dibentuk baru."})
            return
        headers = {"If-Match": (await self._ask("GET", path, fact.region)).headers["etag"]}
        await self._ask("DELETE", path, fact.region, headers=headers)

    async def _policy(self, fact: AlertPolicySaid) -> None:
        revision = AlertPolicy(
            from_day=fact.from_day,
            before=fact.ladder,
            quiet_from=fact.quiet[0],
            quiet_until=fact.quiet[1],
            quiet_days=fact.quiet_days,
            person_cap=fact.cap,
            report_weekday=fact.weekday,
        )
        await alert_policy_repository(self._service.store).change(
            fact.region,
            without_event(
                lambda before: (before or AlertPolicies(region=fact.region)).with_revision(revision) or before
            ),
        )

    async def _consent(self) -> str:
        if not hasattr(self, "_text"):
            region = self._history.facts[0]
            self._text = (await self._ask("GET", "/contacts/notice", getattr(region, "region", "61.12"))).json()
        return str(self._text["whatsapp_version"])

    async def _ask(self, method: str, path: str, region: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own
        headers = {"Authorization": f"Bearer {region}", **how.pop("headers", {})}
        response = await self._http.request(method, path, headers=headers, **how)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response

    def _handed(self, recorded: Recorded) -> list[Handed]:
        names = {id: person for person, id in self._people.items()}
        person = recorded.message.attempt.partition("/")[0]
        return [
            Handed(
                person=names[person],
                revision=alert.address_revision,
                reason=reason_of(alert.reason, names, recorded.message.to),
                channel=recorded.channel,
                at=recorded.at,
                refused=recorded.refused,
                fallback=recorded.fallback,
                bounced=recorded.bounced,
            )
            for alert in recorded.message.content.alerts
        ]


def reason_of(reason: ReasonOfContract, names: dict[str, str], to: str) -> Reason:
    """The reason as the naive recomputation writes it. names: the service's id of a person → the history's; to: the
    address that it was handed over to."""
    parts: tuple[str | int | None, ...]
    match reason.kind:
        case ReasonKind.DUTY:
            parts = (reason.agency, reason.year, reason.deadline_revision, reason.what, reason.spell)
        case ReasonKind.INNOVATION:
            parts = (reason.innovation, reason.turn, reason.what)
        case ReasonKind.CONTACT:
            address = (reason.channel, to) if reason.what == "confirm" else ()
            parts = (names[str(reason.person)], reason.person_revision, reason.what, *address)
        case ReasonKind.DEADLINE:
            parts = (reason.region, reason.year, reason.deadline_revision, reason.what)
        case ReasonKind.REPORT:
            parts = (reason.region, reason.week)
        case ReasonKind.ENDPOINT:
            parts = (reason.endpoint, reason.times)
        case ReasonKind.QUESTION:
            parts = (reason.innovation, reason.what, reason.times)
        case ReasonKind.IDEA:
            parts = (reason.idea, str(reason.day), reason.what, reason.times)
    return (reason.kind.value, *(each for each in parts if each is not None))
