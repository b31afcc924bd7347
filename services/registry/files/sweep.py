"""Removes files that nothing refers to any more.

A file is removed when it was unreferenced at every look for a whole grace period, was not put again meanwhile, and is
unreferenced in the registry's own store just before it is removed. So an upload that is being attached, a file that two
innovations share, and a backup that reads documents first and files later are safe. The bytes of a redacted file go
after minutes, unless something else refers to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from services.registry.files.named import NAMING, files_named, redacted_in
from services.registry.kinds import UNREFERENCED
from shared.clock import Clock
from shared.ports.files import Files
from shared.ports.store import Store

GRACE = timedelta(hours=24)
REDACTED_GRACE = timedelta(minutes=10)
"""For an upload of the same bytes to another innovation, which is attached right after it was stored."""
EVERY = 3600.0  # seconds between two looks

log = structlog.get_logger("files")


@dataclass(frozen=True)
class Swept:
    """removed, size: how many files were removed (or would be), and their bytes; waiting: unreferenced files within the
    grace period."""

    removed: int
    size: int
    waiting: int


class FileSweep:
    """Looks for unreferenced files."""

    def __init__(self, store: Store, files: Files) -> None:
        self._store = store
        self._files = files

    async def run(self) -> None:
        """The loop's look."""
        swept = await self.sweep()
        if swept.removed:
            log.info("files.swept", removed=swept.removed, bytes=swept.size, waiting=swept.waiting)

    async def sweep(self, grace: timedelta = GRACE, *, dry_run: bool = False) -> Swept:
        """Remove what is unreferenced for that long. dry_run: remove and note nothing. Raises StoreAway, FilesAway."""
        now = Clock.machine()
        before = now - grace
        redacted, redacted_before = await self._redacted(), now - min(grace, REDACTED_GRACE)
        sizes = {
            file.digest: file.size
            async for file in self._files.kept()
            if file.put_at < before or (file.digest in redacted and file.put_at < redacted_before)
        }
        noted = {row.id: row["since"] async for row in self._store.scan(UNREFERENCED.name, {}, ("since",))}
        unreferenced = await self._unreferenced(sizes)
        if not dry_run:
            await self._note(noted.keys() - unreferenced, unreferenced - noted.keys(), now)
        due = {
            digest
            for digest in unreferenced
            if digest in redacted or datetime.fromtimestamp(noted.get(digest, now.timestamp()), UTC) <= before
        }
        until = {digest: redacted_before if digest in redacted else before for digest in due}
        removed = [
            digest
            for digest in sorted(await self._unreferenced(due))
            if dry_run or await self._remove(digest, until[digest])
        ]
        size = sum(sizes[digest] for digest in removed)
        return Swept(len(removed), size, len(unreferenced) - len(removed))

    async def remove_redacted(self, digest: str) -> bool:
        """Remove a redacted file's bytes now, unless something else refers to them. After a crash before it, the next
        `sweep` does it. Raises StoreAway, FilesAway."""
        if not await self._unreferenced({digest}):
            return False
        return await self._remove(digest, Clock.machine())

    async def _redacted(self) -> set[str]:
        """The digests that some curator had removed."""
        found: set[str] = set()
        for kind in NAMING:
            async for row in self._store.scan(kind, {}, ("redactions",)):
                found |= redacted_in(row)
        return found

    async def _unreferenced(self, digests: set[str] | dict[str, int]) -> set[str]:
        """Those of the digests that nothing refers to now."""
        left = set(digests)
        for kind, fields in NAMING.items():
            if left:
                async for row in self._store.scan(kind, {}, fields):
                    left.difference_update(files_named(kind, row))
        return left

    async def _note(self, referenced: set[str], unreferenced: set[str], now: datetime) -> None:
        """Keep since when each file is seen unreferenced; forget it of the others."""
        for digest in referenced:
            await self._store.erase(UNREFERENCED.name, digest)
        since = {"since": now.timestamp()}
        for digest in unreferenced:
            await self._store.change(UNREFERENCED.name, digest, lambda state: None if state else (dict(since), None))

    async def _remove(self, digest: str, before: datetime) -> bool:
        removed = await self._files.delete(digest, put_before=before)
        await self._store.erase(UNREFERENCED.name, digest)
        return removed
