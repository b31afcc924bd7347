"""Persons whom documents name, for a service's `PersonalData`: by a name, and by the id of an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shared.clock import Clock
from shared.ports.store import ID, Archive, Kind, Store
from shared.runtime.personal_data import ErasedData, HeldData, Subject
from shared.storage.erasures.entry import NAME, Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.named import NamedPersons, Places, Scope
from shared.storage.erasures.names import NameFinder, fingerprint, words_of
from shared.storage.erasures.paths import texts_in

_RECORD = "catatan siapa berbuat apa: hanya id akun"


class NamedData:
    """Names in the documents of one service. places: by kind; what: kind → how it is called in Bahasa Indonesia. Every
    method raises StoreAway."""

    def __init__(
        self, store: Store, service: str, places: Mapping[str, Places], what: Mapping[str, str], erasures: Erasures
    ) -> None:
        self._service = service
        self._what = what
        self._erasures = erasures
        self._named = NamedPersons(store, places)

    async def find(self, subject: Subject) -> list[HeldData]:
        """The documents that name the person, with the texts there."""
        found = await self._named.find(NameFinder.of_name(subject.name), _scope(subject))
        return [HeldData(each.kind, each.id, self._what[each.kind], each.places) for each in found]

    async def correct(self, subject: Subject, name: str) -> int:
        """Another spelling, wherever it stands; how many documents changed. Raises Invalid."""
        return await self._named.replace(NameFinder.of_name(subject.name), _scope(subject), name)

    async def erase(self, subject: Subject) -> ErasedData:
        """Hide a name. It is recorded first, as a fingerprint: what a crash leaves undone is done at the next start."""
        words = words_of(subject.name)
        erasure = Erasure(
            service=self._service,
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
        """Hide names again, in one pass for all of a scope; how many documents changed."""
        scopes: dict[Scope, list[Erasure]] = {}
        for each in erasures:
            if each.kind == NAME:
                scopes.setdefault(Scope(each.region, each.agency, each.texts), []).append(each)
        count = 0
        for scope, some in scopes.items():
            count += await self._named.replace(NameFinder.of_erasures(some, key), scope)
        return count


async def of_account(store: Archive, kinds: Iterable[Kind], subject: Subject) -> list[HeldData]:
    """Where the id of an account is noted. It names nobody, and stays as the record of who did what."""
    held: list[HeldData] = []
    for kind in kinds:
        async for stored in store.dump(kind.name):
            state = stored["state"]
            if subject.region and state.get("region", subject.region) != subject.region:
                continue
            places = [place for place, text in texts_in(state) if text == subject.account]
            if places:
                held.append(HeldData(kind.name, stored[ID], "catatan akun", {"places": places}, kept=_RECORD))
    return held


def _scope(subject: Subject) -> Scope:
    return Scope(subject.region, subject.agency, subject.texts)
