"""Checks a region's innovations for the national round, and streams them as one ZIP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from services.registry.exports.package.check import Stored, check, digests
from services.registry.exports.package.choice import Choice, Chosen, Chosens, Take, choose
from services.registry.exports.package.contents import contents
from services.registry.exports.package.finding import PackageFinding, Severity, count
from services.registry.exports.package.lists import INNOVATION_HEADS, csv_of
from services.registry.exports.package.naming import INNOVATION_LIST, innovation_folder, top_folder
from services.registry.exports.package.zip_stream import ZipEntry, zip_stream
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from shared.faults import Busy, Flaw, Flaws, Invalid
from shared.ports.files import StoredFile
from shared.ports.store import Store

AT_ONCE = 2
"""Packages that one process sends at the same time; further requests get Busy."""

_TOGETHER = 8  # files that are asked about at once


@dataclass(frozen=True)
class Checked:
    """An innovation that was checked. innovation: None when it is not what it was chosen for any more; size: bytes of
    the files that the store has."""

    chosen: Chosen
    innovation: Innovation | None
    findings: tuple[PackageFinding, ...]
    stored: Stored

    @property
    def folder(self) -> str:
        """Its folder below the top one."""
        return innovation_folder(self.chosen.number, self.chosen.name)

    @property
    def errors(self) -> int:
        """How many findings stop the package."""
        return count(self.findings, Severity.ERROR)

    @property
    def hints(self) -> int:
        """How many findings stop nothing."""
        return count(self.findings, Severity.HINT)

    @property
    def files(self) -> int:
        """How many different files the store has of it."""
        return sum(each is not None for each in self.stored.values())

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(each.size for each in self.stored.values() if each is not None)


class Packages:
    """The ready packages of all regions. All methods raise StoreAway, FilesAway."""

    def __init__(self, store: Store, access: InnovationAccess) -> None:
        self._store = store
        self._access = access
        self._free = AT_ONCE

    async def choice_of(self, code: str, year: int) -> Choice:
        """The choice of what the curator has verified. Raises NotFound."""
        return Choice((await self._access.regions.get(code)).value, year)

    async def chosen(self, choice: Choice) -> Chosens:
        """The innovations of a package, in order."""
        return await choose(self._store, choice)

    async def check(self, choice: Choice, chosen: Sequence[Chosen]) -> AsyncIterator[Checked]:
        """Check these innovations one after the other."""
        today = choice.region.today(self._access.origin().time)
        for each in chosen:
            found = await self._access.innovations.find(each.id)
            innovation = found.value if found is not None else None
            if innovation is None or not choice.allows(innovation.status):
                yield Checked(each, None, (), {})
                continue
            stored = await self._stored(innovation)
            yield Checked(each, innovation, check(innovation, choice.year, today, stored), stored)

    async def require_complete(self, choice: Choice) -> None:
        """Raise Invalid with the errors of the check, if there are any."""
        flaws = Flaws()
        async for each in self.check(choice, (await self.chosen(choice)).taken):
            for finding in each.findings:
                if finding.severity is Severity.ERROR:
                    place = f"innovations.{each.chosen.id}.{finding.row or 'profile'}"
                    flaws.append(Flaw(place, finding.code, f"{each.folder}: {finding.reason}"))
        if flaws:
            raise Invalid(flaws, "Paket belum siap; perbaiki yang disebut, atau ambil yang sudah siap saja.")

    async def stream(
        self, choice: Choice, take: Take, progress: Callable[[int], None] | None = None
    ) -> AsyncIterator[bytes]:
        """The ZIP. progress: called with the number of innovations that are done. Raises Busy, and for Take.COMPLETE
        Invalid, before the first chunk."""
        if self._free == 0:
            raise Busy("Terlalu banyak paket sedang diunduh; coba lagi sebentar lagi.")
        self._free -= 1
        try:
            if take is Take.COMPLETE:
                await self.require_complete(choice)
            async for chunk in zip_stream(self._entries(choice, take, progress)):
                yield chunk
        finally:
            self._free += 1

    async def _entries(
        self, choice: Choice, take: Take, progress: Callable[[int], None] | None
    ) -> AsyncIterator[ZipEntry]:
        now = self._access.origin().time
        top = top_folder(choice.region.code, choice.year)
        listed: list[tuple[object, ...]] = []
        async for each in self.check(choice, (await self.chosen(choice)).taken):
            left_out = _left_out(each, take)
            listed.append(_line(each, left_out))
            if left_out is None and each.innovation is not None:
                for entry in contents(
                    each.innovation,
                    each.findings,
                    region=choice.region,
                    agency=each.chosen.agency,
                    folder=f"{top}/{each.folder}",
                    now=now,
                    files=self._access.files,
                    stored=each.stored,
                ):
                    yield entry
            if progress is not None:
                progress(each.chosen.number)
        yield ZipEntry(f"{top}/{INNOVATION_LIST}", choice.region.local(now), csv_of(INNOVATION_HEADS, listed))

    async def _stored(self, innovation: Innovation) -> Stored:
        found: dict[str, StoredFile | None] = {}
        wanted = digests(innovation)
        for begin in range(0, len(wanted), _TOGETHER):
            some = wanted[begin : begin + _TOGETHER]
            answers = await asyncio.gather(*map(self._access.files.stat, some))
            found.update(zip(some, answers, strict=True))
        return found


def _left_out(each: Checked, take: Take) -> str | None:
    """Why an innovation is not in the package; None when it is."""
    if each.innovation is None:
        return "tidak disertakan: statusnya berubah selagi paket disusun"
    if each.errors and take is not Take.ALL:
        return "tidak disertakan: ada kesalahan"
    return None


def _line(each: Checked, left_out: str | None) -> tuple[object, ...]:
    chosen, year = each.chosen, each.innovation.year if each.innovation else None
    folder = None if left_out else each.folder
    return (
        *(chosen.number, folder, chosen.agency, chosen.name, year, chosen.id),
        *(each.files, each.size, each.errors, each.hints, left_out),
    )
