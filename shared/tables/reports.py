"""The report of an import: a list of its own, in documents of limited size, read by pages and as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from pydantic import BaseModel, ConfigDict

from shared.faults import Flaw, Invalid
from shared.ports.store import ID, Kind, Range, Store
from shared.storage.repository import Repository
from shared.storage.steps import without_event
from shared.tables.report import Finding

_PAGE = 200  # findings in one document


class ReportPage(BaseModel):
    """As it is stored, under `<import>/<number of the page>`. run: the import's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    findings: tuple[Finding, ...]


class Reports:
    """The reports of one store. All methods raise StoreAway."""

    def __init__(self, store: Store, kind: Kind) -> None:
        """kind: of the pages, with an index over `run`."""
        self._store = store
        self._kind = kind.name
        self._pages = Repository(store, kind, ReportPage, "Laporan ini tidak ada.")

    async def write(self, run: str, findings: Sequence[Finding]) -> None:
        """Store a report in place of an earlier one of this import."""
        await self.erase(run)
        for start in range(0, len(findings), _PAGE):
            page = ReportPage(run=run, findings=tuple(findings[start : start + _PAGE]))
            await self._pages.change(_page_id(run, start // _PAGE), without_event(lambda _, page=page: page))  # type: ignore[misc]

    async def add(self, run: str, finding: Finding, number: int) -> None:
        """Add one finding that is made while the rows are applied; number: of the step, so that it is added once."""
        page = ReportPage(run=run, findings=(finding,))
        await self._pages.change(f"{run}/s{number:08}", without_event(lambda _: page))

    async def page(self, run: str, limit: int, after: str | None) -> tuple[list[Finding], str | None]:
        """A page of findings, in order, and the cursor of the next one. Raises Invalid for a cursor that is none."""
        start, skip = _place(after)
        found: list[Finding] = []
        where = {"run": run, ID: Range(least=f"{run}/{start}")}
        cursor: str | None = None
        while len(found) <= limit:
            pages = await self._pages.list(where, limit=2, after=cursor)
            for each in pages.items:
                name = each.id.rpartition("/")[2]
                for number, finding in enumerate(each.value.findings):
                    if name == start and number < skip:
                        continue
                    if len(found) == limit:
                        return found, f"{name}.{number}"
                    found.append(finding)
            cursor = pages.after
            if cursor is None:
                break
        return found, None

    async def all(self, run: str) -> AsyncIterator[Finding]:
        """Every finding, in order."""
        after: str | None = None
        while True:
            found, after = await self.page(run, _PAGE, after)
            for each in found:
                yield each
            if after is None:
                return

    async def erase(self, run: str) -> None:
        """Remove a report."""
        ids = [row.id async for row in self._store.scan(self._kind, {"run": run}, ())]
        for id in ids:
            await self._store.erase(self._kind, id)


def _page_id(run: str, number: int) -> str:
    return f"{run}/{number:06}"


def _place(after: str | None) -> tuple[str, int]:
    if after is None:
        return "", 0
    name, _, number = after.partition(".")
    if not number.isdecimal() or not name.lstrip("s").isdecimal() or len(after) > 40:  # noqa: PLR2004 - far beyond
        raise Invalid([Flaw("after", "unknown", "penanda halaman ini tidak dikenal")])
    return name, int(number)
