"""Personal data over all services of this image, for `satu privacy`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.clock import Clock
from shared.faults import Flaw, Invalid
from shared.ports.audit import ENTRY
from shared.runtime.engines import Engines
from shared.runtime.installed import chosen
from shared.runtime.personal_data import Affected, Correctable, HeldData, PersonalData, Subject
from shared.runtime.process import compose
from shared.settings import Settings
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.erasures.names import words_of

_SEALED = "catatan audit disegel dan tetap disimpan; tanpa data pribadi selain id akun dan alamat komputer"

SELECTORS = ("person", "email", "phone", "name", "account")


@dataclass(frozen=True)
class ServiceData:
    """What one service holds of a person."""

    service: str
    held: tuple[HeldData, ...]

    @property
    def erasable(self) -> int:
        """How many documents an erasure would change."""
        return sum(not each.kept for each in self.held)


class Privacy:
    """parts: of the services that hold persons; logs: the audit logs of all services. Their stores are open."""

    def __init__(self, parts: Mapping[str, PersonalData], logs: Mapping[str, AuditLog]) -> None:
        self.parts = dict(parts)
        self._logs = dict(logs)

    async def find(self, subject: Subject) -> list[ServiceData]:
        """Of each service, all that it holds; of an account, also what the audit log says that it did."""
        found: list[ServiceData] = []
        for name in dict.fromkeys((*self.parts, *(self._logs if subject.account else ()))):
            held = await self.parts[name].find(subject) if name in self.parts else []
            if subject.account and name in self._logs:
                held += await _done_by(self._logs[name], subject)
            found.append(ServiceData(name, tuple(held)))
        return found

    async def erase(self, subject: Subject, by: str) -> dict[str, int]:
        """Service → how many documents changed. A crash in between: run it again."""
        return {name: (await each.erase(subject, by)).documents for name, each in self.parts.items()}

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> dict[str, int]:
        """Service → how many documents changed. Those that hear of others come first: notifications refuses most, and
        then nothing is changed."""
        return {name: await self.parts[name].correct(subject, values, by) for name in reversed(self.parts)}

    async def affected(self, region: str) -> dict[str, list[Affected]]:
        """Service → how much it holds, by kind."""
        return {name: await each.affected(region) for name, each in self.parts.items()}


@asynccontextmanager
async def opened_privacy(settings: Settings, services: Collection[str] = ()) -> AsyncIterator[Privacy]:
    """The personal data of the services of this image, or of some. Raises Misconfigured, StoreAway."""
    engines, clock = Engines(settings), Clock(settings.business_time)
    parts: dict[str, PersonalData] = {}
    logs: dict[str, AuditLog] = {}
    async with AsyncExitStack() as opened:
        for name in chosen(services):
            resources, service = compose(name, engines, clock, settings)
            await resources.store.open(service.kinds)
            opened.push_async_callback(resources.store.close)
            if ENTRY in service.kinds:
                logs[name] = AuditLog(resources.store)
            if service.personal_data is not None:
                parts[name] = service.personal_data
        yield Privacy(parts, logs)


async def _done_by(log: AuditLog, subject: Subject) -> list[HeldData]:
    entries = log.entries(AuditFilter(region=subject.region or None))
    return [
        HeldData("audit", each.id, "catatan audit", each.value, kept=_SEALED)
        async for each in entries
        if each.value["account"] == subject.account
    ]


def checked(subject: Subject) -> Subject:
    """The subject. Raises Invalid unless it names one person, and the region where that is needed."""
    given = [name for name in SELECTORS if getattr(subject, name)]
    flaws: list[Flaw] = []
    if len(given) != 1:
        flaws.append(Flaw("--person", "not-one", f"give exactly one of {', '.join(f'--{each}' for each in SELECTORS)}"))
    elif given[0] not in {"person", "account"} and not subject.region:
        flaws.append(Flaw("--region", "missing", f"--{given[0]} needs the region's code: others may have the same"))
    if subject.name and not words_of(subject.name):
        flaws.append(Flaw("--name", "malformed", "has no word"))
    if subject.agency and not subject.name:
        flaws.append(Flaw("--agency", "not-fitting", "only with --name"))
    if flaws:
        raise Invalid(flaws)
    return subject


def document(found: Collection[ServiceData], subject: Subject, at: datetime) -> dict[str, Any]:
    """What is handed to the person: plain JSON, with headings in Bahasa Indonesia."""
    selector = next(name for name in SELECTORS if getattr(subject, name))
    return {
        "dibuat": at.isoformat(timespec="seconds"),
        "dasar": "UU 27 Tahun 2022 tentang Pelindungan Data Pribadi",
        "dicari": {"isian": selector, "nilai": getattr(subject, selector), "daerah": subject.region or None},
        "layanan": {
            each.service: [
                {
                    "jenis": held.what,
                    "dokumen": f"{held.kind}/{held.id}",
                    "data": asdict(held)["data"],
                    **({"tidak_dihapus_karena": held.kept} if held.kept else {}),
                }
                for held in each.held
            ]
            for each in found
        },
    }
