"""What the feed does for `satu privacy`. It knows persons only as the accounts that made endpoints."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.kinds import ENDPOINT
from services.feed.endpoints.repositories import endpoint_repository
from shared.clock import Clock
from shared.ports.store import Store
from shared.runtime.personal_data import Affected, Correctable, DataKind, ErasedData, HeldData, Subject
from shared.storage.erasures.entry import ACCOUNT, Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.steps import without_event

SERVICE = "feed"
_ENDPOINT = DataKind(
    "endpoint",
    "id akun pembuat penerima webhook",
    "pengelola sistem lain",
    "selama penerimanya tercatat",
)


class FeedPersonalData:
    """A `PersonalData`."""

    def __init__(self, store: Store, erasures: Erasures) -> None:
        self._store = store
        self._endpoints = endpoint_repository(store)
        self._erasures = erasures

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What is held."""
        return (_ENDPOINT,)

    async def find(self, subject: Subject) -> list[HeldData]:
        """The endpoints that an account made, without their secrets and addresses, which are not the person's."""
        held: list[HeldData] = []
        for id in await self._made_by(subject.account, subject.region):
            found = (await self._endpoints.get(id)).value
            data = {"by": found.by, "region": found.region, "serving": found.serving.value, "host": found.host}
            held.append(HeldData(ENDPOINT.name, id, "penerima webhook", data))
        return held

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:  # noqa: ARG002 - ids only
        """Nothing: an account's id has no other spelling."""
        return 0

    async def erase(self, subject: Subject, by: str) -> ErasedData:  # noqa: ARG002 - the audit notes who
        """Forget which account made them. They go on."""
        if not await self._made_by(subject.account, subject.region):
            return ErasedData()
        erasure = Erasure(service=SERVICE, kind=ACCOUNT, id=subject.account, region=subject.region, at=Clock.machine())
        await self._erasures.intend([erasure])
        count = await self._anonymise(erasure)
        await self._erasures.record([erasure])
        return ErasedData(documents=count, erasures=[erasure])

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:  # noqa: ARG002 - no names here
        """Again, after a restore."""
        return sum([await self._anonymise(each) for each in erasures if each.kind == ACCOUNT])

    async def unlisted(self, listed: Collection[str]) -> Sequence[Erasure]:  # noqa: ARG002 - the list comes first
        """None: an erasure is listed before it is carried out."""
        return ()

    async def affected(self, region: str) -> list[Affected]:
        """How many endpoints, and accounts that made them."""
        rows = [row async for row in self._store.scan(ENDPOINT.name, {}, ("by", "region"))]
        of_region = [row["by"] for row in rows if not region or row["region"] == region]
        return [Affected(_ENDPOINT, len(of_region), len(set(of_region) - {""}))]

    async def _anonymise(self, erasure: Erasure) -> int:
        count = 0
        for id in await self._made_by(erasure.id, erasure.region):
            count += (await self._endpoints.amend(id, None, without_event(Endpoint.anonymised))).changed
        return count

    async def _made_by(self, account: str, region: str) -> list[str]:
        if not account:
            return []
        rows = self._store.scan(ENDPOINT.name, {}, ("by", "region"))
        return [row.id async for row in rows if row["by"] == account and region in ("", row["region"])]
