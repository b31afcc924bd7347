"""Imports that a service runs after its answer: those of the registry, and of contacts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable
from typing import Any

from shared.cli.console import progress
from shared.cli.service_client import ServiceClient
from shared.cli.tables.sent import as_body, as_csv, as_form
from shared.cli.tables.told import FindingAnswer, Summary
from shared.contracts.names import folded
from shared.tables.cells import shown
from shared.tables.table import Table

POLL = 0.3  # seconds between two looks

_REGISTRY, _CONTACTS = "/registry/v1/imports", "/notifications/v1/contacts/imports"
_SEPARATORS = re.compile(r"[;|\n]")


class ImportRuns:
    """Sends tables and waits for what comes of them."""

    def __init__(self, client: ServiceClient, region: str, summary: Summary, *, dry_run: bool) -> None:
        self._client = client
        self._region = region
        self._summary = summary
        self._dry_run = dry_run

    async def of_registry(self, table: Table) -> None:
        """Import a sheet of the registry. In a dry run, agencies of the same file count as known."""
        query = {"region": self._region, "dry_run": str(self._dry_run).lower(), "sheet": table.sheet}
        if self._dry_run and table.sheet != "agencies" and self._summary.agencies_from:
            query["agencies_from"] = self._summary.agencies_from
        sent = await self._client.send("POST", _REGISTRY, params=query, **as_form(table, as_csv(table)))
        run, findings = await self._finished(table, _REGISTRY, sent.json()["id"])
        if self._dry_run and table.sheet == "agencies":
            self._summary.agencies_from = run["id"]
        self._summary.take(table, run, findings)

    async def of_contacts(self, table: Table) -> None:
        """Import contacts. They are checked first: an agency that the registry does not know either is a typing error,
        for which notifications need not wait."""
        run, findings = await self._contacts(table, dry_run=True)
        unknown = [
            each for each in findings if each["code"] == "unknown" and each["column"] == table.column("agencies")
        ]
        coming = await self._coming(table, unknown)
        findings = [each for each in findings if each not in unknown or each["row"] not in coming]
        errors = sum(not each["note"] for each in findings)
        waiting = len(unknown) - sum(each in findings for each in unknown)
        run |= {"errors": run["errors"] - waiting, "status": "refused" if errors else "checked"}
        run |= {"rows": len(table.rows)} if waiting else {}
        if errors or self._dry_run:
            self._summary.take(table, run, findings, waiting=waiting)
            return
        run, findings = await self._contacts(table, dry_run=False)
        self._summary.take(table, run, findings)

    async def _contacts(self, table: Table, *, dry_run: bool) -> tuple[dict[str, Any], list[FindingAnswer]]:
        query = {"region": self._region, "dry_run": str(dry_run).lower()}
        sent = await self._client.send("POST", _CONTACTS, params=query, **as_body(as_csv(table)))
        run, findings = await self._finished(table, _CONTACTS, sent.json()["id"])
        return run, [{**each, "title": table.title} for each in findings]

    async def _coming(self, table: Table, unknown: Collection[FindingAnswer]) -> set[int]:
        """The lines that name only agencies of which notifications will hear: those of the registry, and in a dry run
        those of the same file."""
        if not unknown:
            return set()
        known = set(self._summary.agencies) if self._dry_run else set()
        for each in await self._client.every("/registry/v1/agencies", region=self._region):
            known |= {folded(each["name"]), each["id"]}
        rows = {each["row"] for each in unknown}
        return {row.number for row in table.rows if row.number in rows and _all_in(row.cells["agencies"], known)}

    async def _finished(self, table: Table, service: str, id: str) -> tuple[dict[str, Any], list[FindingAnswer]]:
        """An import when it has come to an end, and its report."""
        with progress(table.title or table.sheet, len(table.rows)) as bar:
            while True:
                run = await self._client.get(f"{service}/{id}")
                bar.update(run["place"])
                if run["finished_at"] is not None:
                    break
                await asyncio.sleep(POLL)
        has_report = run["errors"] or run["notes"] or run["skipped"]
        findings = await self._client.every(f"{service}/{id}/findings") if has_report else []
        return run, [{**each, "title": table.title} for each in findings]


def names_of(table: Table, key: str) -> Iterable[str]:
    """The folded names in a column."""
    for row in table.rows:
        if key in row.cells:
            yield folded(shown(row.cells[key]))


def _all_in(cell: Any, known: Collection[str]) -> bool:  # noqa: ANN401 - of any kind of cell
    return all(folded(part) in known for part in _SEPARATORS.split(shown(cell)) if part.strip())
