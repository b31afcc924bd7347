"""Verifies an audit log: whether each sealed day still is what was sealed, and the chain of seals is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.ports.audit import canonical, day_of, document_of, next_day
from shared.storage.audit.log import AuditEntry, AuditFilter, AuditLog
from shared.storage.audit.seal import Digest, Seal, SealStatus

_MOST = 50  # faults that are named


@dataclass
class Verified:
    """days: sealed ones; entries: in all; open: entries of days without a seal; last: the newest sealed day and its
    digest, to be kept elsewhere; faults: in words, the first ones; more: how many further ones there are."""

    days: int = 0
    entries: int = 0
    open: int = 0
    last: tuple[str, str] | None = None
    faults: list[str] = field(default_factory=list)
    more: int = 0

    def fault(self, words: str) -> None:
        """Note a fault."""
        if len(self.faults) < _MOST:
            self.faults.append(words)
        else:
            self.more += 1


async def verify(log: AuditLog, known: Mapping[str, str]) -> Verified:
    """Read the whole log. known: day → digest, as an earlier run told it. Raises StoreAway."""
    result, previous, last_closed = Verified(), "", ""
    wanted: str | None = None
    async for day, seal in log.seals():
        if wanted is None:
            await _count_before(log, day, result)
        elif day != wanted:
            result.fault(f"{day}: the seal before, of {wanted}, is missing")
        if seal.before != previous:
            result.fault(f"{day}: its seal does not follow the seal before")
        await _verify_day(log, day, seal, result)
        previous, wanted, last_closed = seal.sha256, next_day(day), day
        if seal.status is SealStatus.SEALED:
            result.days += 1
            result.last = (day, seal.sha256)
        if day in known and known[day] != seal.sha256:
            result.fault(f"{day}: its seal is {seal.sha256}, not {known[day]} as you know it")
    for day in known:
        if day > last_closed or await log.seal(day) is None:
            result.fault(f"{day}: it has no seal, but you know one")
    async for entry in log.entries(AuditFilter(first=next_day(last_closed) if last_closed else "")):
        result.open += 1
        _check(entry, result)
    result.entries += result.open
    return result


async def _verify_day(log: AuditLog, day: str, seal: Seal, result: Verified) -> None:
    digest = Digest(seal.before, day)
    async for entry in log.entries(AuditFilter(day, day)):
        digest.add(entry.text)
        _check(entry, result)
    result.entries += digest.entries
    if seal.status is SealStatus.CLOSED:
        return
    if digest.entries != seal.entries:
        result.fault(f"{day}: {digest.entries} entries; {seal.entries} were sealed")
    if digest.hex() != seal.sha256:
        result.fault(f"{day}: its entries are not those that were sealed")


async def _count_before(log: AuditLog, first: str, result: Verified) -> None:
    """Entries of days before the first seal were put there later."""
    oldest = await log.first_day()
    if oldest is not None and oldest < first:
        result.fault(f"{oldest}: entries before the first seal, of {first}")


def _check(entry: AuditEntry, result: Verified) -> None:
    """Whether an entry is canonical and stands where it belongs."""
    try:
        value = entry.value
        right = (
            canonical(value) == entry.text
            and value["document"] == document_of(entry.id)
            and value["sequence"] == entry.id.rpartition("/")[2]
            and value["at"][:10] <= day_of(entry.id)
        )
    except (json.JSONDecodeError, KeyError, TypeError):
        right = False
    if not right:
        result.fault(f"{entry.id}: the entry does not belong there")
