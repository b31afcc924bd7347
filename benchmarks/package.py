"""The ready package of a region: seconds and memory, requested through the whole HTTP layer in one process.

    python -m benchmarks.package [INNOVATIONS] [KIB]

Made up, and so labelled (default 300 innovations of 20 rows, a file of 200 KiB each). For comparison it also reads the
same files from the store and throws them away: compare the ratio, never seconds of different machines.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import cast

from starlette.types import Message

from benchmarks.rescore import peak
from services.registry.agencies.agency import Agency
from services.registry.evidence.evidence import ROWS
from services.registry.kinds import AGENCY, INNOVATION, KINDS, REGION
from services.registry.main import compose
from services.registry.regions.region import NewRegion, register
from services.registry.settings import RegistrySettings
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock, machine_seconds
from shared.observability import logs
from shared.observability.tracing import of_request, origin
from shared.ports.bus import Bus
from shared.runtime.gc_tuning import collect_seldom
from shared.runtime.service import Resources
from shared.settings import Settings
from shared.web.app import service_app
from tests.support.exports.package_samples import AT, all_rows, keep, verified, write
from tests.support.registry_service import REGION as CODE
from tests.support.registry_service import TERMS


class Curator:
    """Every token is the curator's."""

    async def enter(self, token: str) -> Principal:
        del token
        return Principal("curator", Role.CURATOR, CODE)


async def fill(resources: Resources, innovations: int, padding: int) -> None:
    region = register(NewRegion(code=CODE, **TERMS), "", "bench", origin(resources.clock))[0]
    agency = Agency(
        id="agency",
        region=CODE,
        name="Dinas Contoh",
        kind=TERMS["policy"]["obliged_kinds"][0],
        key="dinas contoh",
        created_by_body="",
    )
    await keep(resources.store, REGION.name, CODE, region)
    await keep(resources.store, AGENCY.name, "agency", agency)
    for number in range(innovations):
        rows = await all_rows(resources.files, f"{number:05}".encode(), padding)
        await write(resources.store, verified(f"i{number:05}", "agency", rows, name=f"Inovasi contoh {number}"))


@dataclass(frozen=True)
class Step:
    """seconds: by the clock; cpu: seconds of the processor; size: MiB that were sent; peak, more: MiB of the process,
    and by how much the step raised it."""

    what: str
    seconds: float
    cpu: float
    size: float
    peak: float
    more: float


async def packaged(count: int, padding: int) -> AsyncIterator[Step]:
    """Read all files, then request the check and the package. count: of innovations; padding: bytes of each file."""
    with tempfile.TemporaryDirectory() as folder, of_request(None, None):
        store, files = SqliteStore(Path(folder) / "registry.sqlite"), FolderFiles(Path(folder) / "files")
        await store.open(KINDS)
        await files.open()
        resources = Resources(store, files, cast("Bus", None), Clock(AT), Settings(services=(RegistrySettings(),)))
        app = service_app("registry", compose(resources).router, Curator())
        await fill(resources, count, padding)
        before, began, cpu = peak(), machine_seconds(), process_time()
        async for row in store.scan(INNOVATION.name, {"region": CODE}, ("evidence",)):
            for each in row["evidence"].values():
                async for _ in files.get(each["files"][0]["digest"]):
                    pass
        yield Step("reading the files", machine_seconds() - began, process_time() - cpu, 0, peak(), peak() - before)
        for path in ("2026", "2026.zip"):
            before, began, cpu, size = peak(), machine_seconds(), process_time(), 0

            async def send(message: Message) -> None:
                nonlocal size
                assert message.get("status", 200) == 200, message
                size += len(message.get("body", b""))

            async def receive() -> Message:
                await asyncio.Event().wait()
                raise AssertionError

            await app(scope(path), receive, send)
            seconds, used, sent = machine_seconds() - began, process_time() - cpu, size / 1024 / 1024
            yield Step(path, seconds, used, sent, peak(), peak() - before)
        await files.close()
        await store.close()


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    padding = 1024 * (int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    print(f"{count} innovations, {count * len(ROWS)} files of {padding // 1024} KiB; made up")
    reference = None
    async for each in packaged(count, padding):
        reference = reference or each.seconds
        took = f"{each.seconds:6.2f} s  ×{each.seconds / reference:5.2f}  processor {each.cpu:6.2f} s"
        print(f"{each.what:22} {took}  {each.size:8,.1f} MiB  peak {each.peak:.0f} MiB, {each.more:+.0f}")


def scope(path: str) -> dict[str, object]:
    whole = f"/regions/{CODE}/ready-package/{path}"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": whole,
        "raw_path": whole.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"bench"), (b"authorization", b"Bearer x")],
        "client": ("127.0.0.1", 1),
        "server": ("bench", 80),
        "state": {},
    }


if __name__ == "__main__":
    logs.configure("console", "warning")
    collect_seldom()  # as every process of the system does
    asyncio.run(main())
