"""Sends tables to the registry of a test and waits for what comes of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from tests.support.registry_service import REGION, RegistryService

Rows = Sequence[Sequence[object]]


def workbook(sheets: dict[str, Rows]) -> bytes:
    """A workbook; title → rows."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


async def send(
    registry: RegistryService,
    sheet: str,
    body: bytes,
    *,
    key: str = "import",
    name: str = "tabel.xlsx",
    **query: str | bool,
) -> dict[str, Any]:
    """Send a table as the curator."""
    asked = {"region": REGION, "sheet": sheet, **query}
    sent = await registry.by("curator")(
        "POST", "/imports", key=key, params=asked, files={"file": (name, body, "application/octet-stream")}
    )
    assert sent.status_code == 201, sent.text
    made: dict[str, Any] = sent.json()
    return made


async def imported(registry: RegistryService, sheet: str, body: bytes, **more: str | bool) -> dict[str, Any]:
    """Send a table and let the registry finish it."""
    made = await send(registry, sheet, body, **more)  # type: ignore[arg-type]
    await registry.loops["imports"]()
    found: dict[str, Any] = (await registry.by("curator")("GET", f"/imports/{made['id']}")).json()
    return found


async def findings(registry: RegistryService, run: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """The whole report, by pages."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (
            await registry.by("curator")("GET", f"/imports/{run}/findings", params={"limit": limit, **after})
        ).json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
