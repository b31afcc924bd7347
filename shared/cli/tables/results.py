"""Tables of scoring, which answers at once: official results of national rounds, and awards."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from shared.cli.service_client import ServiceClient
from shared.cli.tables.sent import as_body, as_csv
from shared.cli.tables.told import FindingAnswer, Summary
from shared.clock import machine_seconds
from shared.contracts.names import folded
from shared.tables.cells import shown
from shared.tables.report import Finding
from shared.tables.table import Table, TableRow
from shared.tables.typed import about
from shared.tables.values import WrongCell, value_of

_POLL = 1.0  # seconds
_LONGEST_WAIT = 900.0  # seconds for which innovations of the same file are waited for
_NAMES = {"official": ("name", "agency"), "awards": ("innovation_name", "agency_name")}
"""Sheet → its columns with the names of innovations and of agencies."""

Checked = tuple[dict[str, Any], list[FindingAnswer]]


class ResultTables:
    """Sends tables to scoring. Rows that name what the same file has brought wait until scoring has heard of it."""

    def __init__(self, client: ServiceClient, region: str, summary: Summary, *, dry_run: bool) -> None:
        self._client = client
        self._region = region
        self._summary = summary
        self._dry_run = dry_run

    async def of_official(self, table: Table, year: int | None) -> None:
        """Import official results. All rounds are checked, then each is stored as a whole. year: of rows that say
        none."""
        rounds, wrong = _by_year(table, year)
        checked = {each: await self._checked(table, rows, each) for each, rows in sorted(rounds.items())}
        found = [finding for _, findings in checked.values() for finding in findings]
        failed = bool(wrong) or any(answer["errors"] for answer, _ in checked.values())
        if failed or self._dry_run:
            counts = ("updated", "unchanged", "errors", "waiting")
            run: dict[str, Any] = {each: sum(answer[each] for answer, _ in checked.values()) for each in counts}
            run |= {"status": "refused" if failed else "checked", "rows": len(table.rows)}
            run["errors"] += len(wrong)
            self._summary.take(table, run, [*wrong, *found], waiting=run["waiting"])
            return
        for each, rows in sorted(rounds.items()):
            answer, findings = await self._official(table, rows, each, dry_run=False)
            self._summary.take(table, _done(answer), findings, f" {each}")

    async def of_awards(self, table: Table) -> None:
        """Import awards."""
        rows = list(table.rows)
        answer, findings = await self._checked(table, rows, None)
        if answer["errors"] or self._dry_run:
            answer["status"] = "refused" if answer["errors"] else "checked"
            self._summary.take(table, answer, findings, waiting=answer["waiting"])
            return
        answer, findings = await self._awards(table, rows, dry_run=False)
        self._summary.take(table, _done(answer), findings)

    async def _checked(self, table: Table, rows: list[TableRow], year: int | None) -> Checked:
        """What a table would do, without findings about what the same file brings: a dry run leaves them out, else they
        are waited for. waiting: how many they were."""
        coming = {row.number for row in rows if self._is_of_the_file(table, row)}
        until = machine_seconds() + _LONGEST_WAIT
        while True:
            if year is None:
                answer, findings = await self._awards(table, rows, dry_run=True)
            else:
                answer, findings = await self._official(table, rows, year, dry_run=True)
            waiting = [each for each in findings if each["code"] == "unknown" and each["row"] in coming]
            others = answer["errors"] - len(waiting)
            if self._dry_run or not waiting or others or machine_seconds() > until:
                break
            await asyncio.sleep(_POLL)
        if not self._dry_run:
            return {**answer, "waiting": 0}, findings
        kept = [each for each in findings if each not in waiting]
        return {**answer, "errors": others, "waiting": len(waiting)}, kept

    def _is_of_the_file(self, table: Table, row: TableRow) -> bool:
        """Whether the row names an innovation or an agency of the same file."""
        for key, names in zip(_NAMES[table.sheet], (self._summary.innovations, self._summary.agencies), strict=True):
            if key in row.cells and folded(shown(row.cells[key])) in names:
                return True
        return False

    async def _official(self, table: Table, rows: Iterable[TableRow], year: int, *, dry_run: bool) -> Checked:
        place = f"/scoring/v1/results/{self._region}/{year}"
        version = (await self._client.send("GET", place)).headers["etag"]
        how = as_body(as_csv(table, rows))
        how["headers"]["If-Match"] = version
        query = {"dry_run": str(dry_run).lower()}
        answer: dict[str, Any] = (await self._client.send("PUT", f"{place}/table", params=query, **how)).json()
        known = answer["innovations"] + answer["region"]
        counts = {"updated": answer["changed"], "unchanged": known - answer["changed"]}
        return {**answer, **counts}, _titled(table, answer["findings"])

    async def _awards(self, table: Table, rows: Iterable[TableRow], *, dry_run: bool) -> Checked:
        query = {"region": self._region, "dry_run": str(dry_run).lower()}
        how = as_body(as_csv(table, rows))
        sent = await self._client.send("POST", "/scoring/v1/awards/table", params=query, **how)
        answer: dict[str, Any] = sent.json()
        return answer, _titled(table, answer["findings"])


def _by_year(table: Table, year: int | None) -> tuple[dict[int, list[TableRow]], list[FindingAnswer]]:
    """Year → its rows, and what is wrong with the years."""
    rounds: dict[int, list[TableRow]] = defaultdict(list)
    wrong: list[Finding] = []
    column = table.columns.by_key["year"]
    for row in table.rows:
        try:
            value = value_of(column, row.cells["year"]) if "year" in row.cells else year
        except WrongCell as cell:
            wrong.append(about(table, row, "year", cell.code, str(cell)))
            continue
        if isinstance(value, int):
            rounds[value].append(row)
        else:
            wrong.append(about(table, row, "year", "missing", "isi tahun penilaian, atau sebutkan dengan --year"))
    return rounds, [each.model_dump() for each in wrong]


def _titled(table: Table, findings: list[FindingAnswer]) -> list[FindingAnswer]:
    """The findings with the sheet's title in the file."""
    return [{**each, "title": table.title} for each in findings]


def _done(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "status": "done"}
