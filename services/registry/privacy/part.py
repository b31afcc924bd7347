"""What the registry does for `satu privacy`. It knows persons by their names only, and accounts by their ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.registry.kinds import AGENCY, COMMITMENT, DEADLINE, IDEA, IMPORT, INNOVATION, MENTOR, REGION
from services.registry.privacy.names import NamedPersons, Scope
from shared.clock import Clock
from shared.ports.store import ID, Store
from shared.runtime.personal_data import Affected, Correctable, DataKind, ErasedData, HeldData, Subject
from shared.storage.erasures.entry import NAME, Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.names import NameFinder, fingerprint, words_of
from shared.storage.erasures.paths import texts_in

SERVICE = "registry"

_WITH_ACCOUNTS = (REGION, AGENCY, INNOVATION, DEADLINE, COMMITMENT, IDEA, MENTOR, IMPORT)
_RECORD = "catatan siapa berbuat apa: hanya id akun"
_WHAT = {
    "innovation": "inovasi",
    "mentor": "mentor perangkat daerah",
    "commitment": "perjanjian inovasi",
    "idea": "gagasan publik",
    "import": "impor",
    "import_report": "laporan impor",
}


class RegistryPersonalData:
    """A `PersonalData`."""

    def __init__(self, store: Store, kinds: tuple[DataKind, ...], erasures: Erasures) -> None:
        self._store = store
        self._kinds = kinds
        self._erasures = erasures
        self._named = NamedPersons(store)

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What is held."""
        return self._kinds

    async def find(self, subject: Subject) -> list[HeldData]:
        """The documents that name the person, with the texts; of an account, where its id is noted."""
        if subject.account:
            return await self._of_account(subject)
        if not subject.name:
            return []
        found = await self._named.find(NameFinder.of_name(subject.name), _scope(subject))
        return [HeldData(each.kind, each.id, _WHAT[each.kind], each.places) for each in found]

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:  # noqa: ARG002 - names nobody
        """Another spelling of a name, wherever it stands."""
        if not subject.name or Correctable.NAME not in values:
            return 0
        return await self._named.replace(NameFinder.of_name(subject.name), _scope(subject), values[Correctable.NAME])

    async def erase(self, subject: Subject, by: str) -> ErasedData:  # noqa: ARG002 - the audit notes who
        """Hide a name. It is recorded first, as a fingerprint: what a crash leaves undone is done at the next start."""
        if not subject.name:
            return ErasedData()
        words = words_of(subject.name)
        erasure = Erasure(
            service=SERVICE,
            kind=NAME,
            id=fingerprint(words, await self._erasures.key()),
            region=subject.region,
            agency=subject.agency,
            words=len(words),
            texts=subject.texts,
            at=Clock.machine(),
        )
        await self._erasures.intend([erasure])
        count = await self._named.replace(NameFinder.of_name(subject.name), _scope(subject))
        await self._erasures.record([erasure])
        return ErasedData(documents=count, erasures=[erasure])

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
        """Again, after a restore: one pass for all names of a scope."""
        scopes: dict[Scope, list[Erasure]] = {}
        for each in erasures:
            if each.kind == NAME:
                scopes.setdefault(Scope(each.region, each.agency, each.texts), []).append(each)
        count = 0
        for scope, some in scopes.items():
            count += await self._named.replace(NameFinder.of_erasures(some, key), scope)
        return count

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

    async def _of_account(self, subject: Subject) -> list[HeldData]:
        held: list[HeldData] = []
        for kind in _WITH_ACCOUNTS:
            async for stored in self._store.dump(kind.name):
                state = stored["state"]
                if subject.region and state.get("region", subject.region) != subject.region:
                    continue
                places = [place for place, text in texts_in(state) if text == subject.account]
                if places:
                    held.append(HeldData(kind.name, stored[ID], "catatan akun", {"places": places}, kept=_RECORD))
        return held


def _scope(subject: Subject) -> Scope:
    return Scope(subject.region, subject.agency, subject.texts)
