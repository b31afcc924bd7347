"""A planning office at work: its region, its tables by `satu import`, its commands beside the running system."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.support.client import Answer, Regency, eventually
from tests.support.commands import satu
from tests.support.faults.processes import RunningSystem
from tests.support.paths import ROOT
from tests.support.tables import Rows, workbook

REGISTRY = "/registry/v1"
SCORING = "/scoring/v1"
NOTIFICATIONS = "/notifications/v1"


class Office:
    """One region's office. agencies, innovations: id by name, of what was brought in."""

    def __init__(self, system: RunningSystem, regency: Regency, folder: Path) -> None:
        """folder: where its tables are written."""
        self.regency = regency
        self.curator = regency.curator
        self.code = regency.code
        self.agencies: dict[str, str] = {}
        self.innovations: dict[str, str] = {}
        self._system = system
        self._folder = folder

    async def register(self, name: str, zone: str, **policy: object) -> None:
        """Register the region under a code of its own. policy: its terms."""
        terms = {"name": name, "zone": zone, "catalogue": "2026.1", "policy": policy}
        await self.regency.operator.create(f"{REGISTRY}/regions", {"code": self.code, **terms})

    async def bring_in(self, sheets: Mapping[str, Rows]) -> list[str]:
        """Import a workbook by `satu import`; the lines that it printed."""
        file = self._folder / "tabel.xlsx"
        file.write_bytes(workbook(dict(sheets)))
        said = await self.satu("import", str(file), "--region", self.code, "--url", self._system.url)
        agencies = await self.curator.every(f"{REGISTRY}/agencies", region=self.code)
        self.agencies = {each["name"]: each["id"] for each in agencies}
        innovations = await self.curator.every(f"{REGISTRY}/innovations")
        self.innovations = {each["profile"]["name"]: each["id"] for each in innovations}
        return said

    async def satu(self, *words: str) -> list[str]:
        """Run a command in a process of its own; the lines that it printed."""
        return (await satu(self._system.process.environment, *words)).out.splitlines()

    def written(self, value: object) -> str:
        """A file with this value as JSON, for a command."""
        file = self._folder / "isian.json"
        file.write_text(json.dumps(value), encoding="utf-8")
        return str(file)

    async def continues(self, method: str, name: str, what: str, body: Answer) -> Answer:
        """The curator changes the continuation of the innovation of that name."""
        place = f"{REGISTRY}/innovations/{self.innovations[name]}"
        return await self.curator.change(method, f"{place}/continuation/{what}", body, of=place)

    async def owner_continues(self, method: str, agency: str, name: str, what: str, body: Answer) -> Answer:
        """As above, by the agency of that name."""
        place = f"{REGISTRY}/innovations/{self.innovations[name]}"
        owner = self.regency.officer(self.agencies[agency])
        return await owner.change(method, f"{place}/continuation/{what}", body, of=place)

    async def attention(self) -> dict[str | None, list[str]]:
        """Name → concerns of the innovations that need somebody."""
        items = await self.curator.every(f"{REGISTRY}/regions/{self.code}/attention")
        return {each["name"]: [one["concern"] for one in each["concerns"]] for each in items}

    async def compete(self, example: str, **changed: object) -> str:
        """Open the competition of an example; its id. changed: of its terms."""
        text = (ROOT / "examples" / example / "competition.yaml").read_text(encoding="utf-8")
        terms: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text)["terms"], default=str)) | changed
        made = await self.curator.create(f"{SCORING}/competitions", {"region": self.code, "terms": terms})
        return str(made["id"])

    async def standings(self, competition: str, total: int) -> Answer:
        """The standings once so many compete."""
        path = f"{SCORING}/competitions/{competition}/standings"
        return await eventually(partial(self.curator.get, path), lambda found: found["total"] == total)

    async def recap(self, year: int) -> dict[str, Answer]:
        """Name of the agency → its line in the recap for the Sekda."""
        return {each["agency_name"]: each for each in (await self.whole_recap(year))["lines"]}

    async def whole_recap(self, year: int) -> Answer:
        """The recap with its totals."""
        return await self.curator.get(f"{NOTIFICATIONS}/recaps/{self.code}/{year}")
