"""What the registry does for `satu privacy`. It knows persons by their names only, and accounts by their ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.registry.kinds import AGENCY, COMMITMENT, DEADLINE, IDEA, IMPORT, INNOVATION, MENTOR, REGION
from services.registry.privacy.places import PLACES, WHAT
from shared.ports.store import Store
from shared.runtime.named_data import NamedData, of_account
from shared.runtime.personal_data import Affected, Correctable, DataKind, ErasedData, HeldData, Subject
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.keeping import Erasures

SERVICE = "registry"

_WITH_ACCOUNTS = (REGION, AGENCY, INNOVATION, DEADLINE, COMMITMENT, IDEA, MENTOR, IMPORT)


class RegistryPersonalData:
    """A `PersonalData`."""

    def __init__(self, store: Store, kinds: tuple[DataKind, ...], erasures: Erasures) -> None:
        self._store = store
        self._kinds = kinds
        self._named = NamedData(store, SERVICE, PLACES, WHAT, erasures)

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What is held."""
        return self._kinds

    async def find(self, subject: Subject) -> list[HeldData]:
        """The documents that name the person, with the texts; of an account, where its id is noted."""
        if subject.account:
            return await of_account(self._store, _WITH_ACCOUNTS, subject)
        return await self._named.find(subject) if subject.name else []

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:  # noqa: ARG002 - names nobody
        """Another spelling of a name, wherever it stands."""
        if not subject.name or Correctable.NAME not in values:
            return 0
        return await self._named.correct(subject, values[Correctable.NAME])

    async def erase(self, subject: Subject, by: str) -> ErasedData:  # noqa: ARG002 - the audit notes who
        """Hide a name; an account's id stays on record."""
        return await self._named.erase(subject) if subject.name else ErasedData()

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
        """Again, after a restore."""
        return await self._named.carry_out(erasures, key)

    async def unlisted(self, listed: Collection[str]) -> Sequence[Erasure]:  # noqa: ARG002 - the list comes first
        """None: an erasure is listed before it is carried out."""
        return ()

    async def affected(self, region: str) -> list[Affected]:
        """How many documents there are of each kind. How many persons they name is not known."""
        counts: dict[str, int] = {}
        for kind in (INNOVATION, MENTOR, COMMITMENT, IDEA, IMPORT):
            where = {"region": region} if region else {}
            counts[kind.name] = len([row.id async for row in self._store.scan(kind.name, where, ())])
        return [Affected(each, counts[each.slug]) for each in self._kinds]
