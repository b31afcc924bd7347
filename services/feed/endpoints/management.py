"""What people do with webhook endpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.feed.endpoints.connection import NotAllowed, WebhookClient
from services.feed.endpoints.endpoint import Endpoint, Secret, Serving
from services.feed.endpoints.log import DeliveryLog
from services.feed.endpoints.progress import Progress, Wanted, WantedKind
from services.feed.endpoints.repositories import endpoint_repository, progress_repository
from services.feed.endpoints.signing import new_secret
from services.feed.endpoints.target import UnusableUrl, target_of
from shared.auth.policy import Principal
from shared.clock import Clock, machine_ms
from shared.contracts.contract import Origin
from shared.contracts.endpoint import DisablingCause
from shared.contracts.event import Draft
from shared.faults import Conflict, Flaw, Invalid, QuotaSpent
from shared.ports.store import OneOf, Store
from shared.storage.repository import Versioned, VersionedPage
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint

MOST_ENDPOINTS = 20  # of one region
_PRESENT = (Serving.ACTIVE.value, Serving.DISABLED.value)


@dataclass(frozen=True)
class NewEndpoint:
    """subjects: kinds, empty: all; by: the account."""

    url: str
    subjects: tuple[str, ...]
    region: str
    by: str


class Management:
    """wake: called when there may be something to hand over at once."""

    def __init__(self, store: Store, client: WebhookClient, clock: Clock, wake: Callable[[], None]) -> None:
        self.deliveries = DeliveryLog(store)
        self._endpoints = endpoint_repository(store)
        self._progresses = progress_repository(store)
        self._client = client
        self._clock = clock
        self._wake = wake

    async def create(self, id: str, new: NewEndpoint, fingerprint: Fingerprint) -> Versioned[Endpoint]:
        """An equal request's endpoint if there is one. Raises Invalid for a URL that may not be sent to, Conflict when
        the region has too many, KeyReused."""
        made = await self._endpoints.repeated(id, fingerprint)
        if made is None:
            await self._check(new.url)
            await self._require_room(new.region)
            at, now = self._clock.now(), machine_ms()
            endpoint = Endpoint(
                created_by_body=fingerprint.sent,
                url=new.url,
                subjects=new.subjects,
                region=new.region,
                secrets=(Secret(key=new_secret()),),
                since=at,
                changed_at=now,
                by=new.by,
                created_at=now,
            )
            event = endpoint.event(id, Origin(at))
            made = await self._endpoints.create(id, endpoint, event, fingerprint=fingerprint)
        self._require_present(made)
        self._wake()
        return made

    async def page(self, region: str | None, *, limit: int, after: str | None) -> VersionedPage[Endpoint]:
        """The endpoints of a region, None: of all."""
        present = {"serving": OneOf(_PRESENT)}
        where = present if region is None else {"region": region, **present}
        return await self._endpoints.list(where, limit=limit, after=after)

    async def get(self, id: str, who: Principal) -> Versioned[Endpoint]:
        """Raises NotFound, also for those whose region it is not."""
        found = await self._endpoints.get(id)
        if not who.may_see_region(found.value.region):
            raise self._endpoints.missing()
        self._require_present(found)
        return found

    async def progress(self, id: str) -> Progress:
        """How far it has got."""
        found = await self._progresses.find(id)
        return found.value if found else Progress()

    async def rotate(self, id: str, expected: int) -> tuple[Versioned[Endpoint], str]:
        """The endpoint and its new secret. Raises Stale."""
        secret, now = new_secret(), machine_ms()
        changed = await self._endpoints.amend(id, expected, without_event(lambda before: before.rotated(secret, now)))
        return changed, secret

    async def disable(self, id: str, expected: int) -> Versioned[Endpoint]:
        """Raises Stale."""
        return await self._change(
            id, expected, lambda before, at, now: before.disabled(DisablingCause.ACCOUNT, at, now)
        )

    async def enable(self, id: str, expected: int) -> Versioned[Endpoint]:
        """Its failures are forgotten, also those of an active one. Raises Stale."""
        changed = await self._change(id, expected, lambda before, at, now: before.enabled(at, now))

        def begin_anew(before: Progress | None) -> Progress | None:
            return None if before is None else before.begun_anew()

        if await self._progresses.find(id) is not None:
            await self._progresses.change(id, without_event(begin_anew))
        self._wake()
        return changed

    async def remove(self, id: str, expected: int) -> None:
        """Raises Stale."""
        await self._change(id, expected, lambda before, at, now: before.removed(at, now))

    async def want_test(self, id: str, request: str) -> None:
        """Ask for a test event. Raises Conflict when it is disabled, QuotaSpent."""
        await self._want(id, Wanted(kind=WantedKind.TEST, id=request))

    async def want_again(self, id: str, number: int, request: str) -> None:
        """Ask for what that entry is about once more. Raises NotFound without that entry, Conflict, QuotaSpent."""
        entry = await self.deliveries.get(id, number)
        await self._want(id, Wanted(kind=WantedKind.REDELIVERY, id=f"{request}/{number}", subject=entry.subject))

    async def _want(self, id: str, wanted: Wanted) -> None:
        if not (await self._endpoints.get(id)).value.is_active:
            raise Conflict("Penerima webhook ini tidak aktif; aktifkan dahulu.")

        def want(before: Progress | None) -> Progress | None:
            return (before or Progress()).wanting(wanted) or before

        after = await self._progresses.change(id, without_event(want))
        known = {*after.value.done, *(each.id for each in after.value.wanted)}
        if wanted.id not in known:
            raise QuotaSpent("Terlalu banyak permintaan yang belum dikirim ke penerima ini.", retry_after=60)
        self._wake()

    async def _change(
        self, id: str, expected: int, step: Callable[[Endpoint, datetime, int], Endpoint | None]
    ) -> Versioned[Endpoint]:
        """With the event of what it is then, if that is another status."""
        at, now = self._clock.now(), machine_ms()

        def decide(before: Endpoint) -> tuple[Endpoint, Draft | None] | None:
            after = step(before, at, now)
            if after is None:
                return None
            return after, after.event(id, Origin(at)) if after.is_active != before.is_active else None

        return await self._endpoints.amend(id, expected, decide)

    async def _check(self, url: str) -> None:
        try:
            await self._client.check(target_of(url))
        except UnusableUrl as error:
            raise Invalid([Flaw("url", "unusable", str(error))]) from None
        except (NotAllowed, OSError):  # one answer for both: it must not tell what a private name resolves to
            sentence = "tidak dapat dipakai: host-nya harus dikenal dan hanya beralamat publik, dengan https"
            raise Invalid([Flaw("url", "not-allowed", sentence)]) from None

    async def _require_room(self, region: str) -> None:
        page = await self.page(region, limit=MOST_ENDPOINTS, after=None)
        if len(page.items) >= MOST_ENDPOINTS:
            raise Conflict(f"Daerah ini sudah mempunyai {MOST_ENDPOINTS} penerima webhook.")

    def _require_present(self, found: Versioned[Endpoint]) -> None:
        if found.value.serving is Serving.REMOVED:
            raise self._endpoints.missing()
