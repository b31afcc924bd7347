"""Templates to download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.registry.agencies.agency import Agency
from services.registry.imports.agency_names import agencies_of
from shared.storage.repository import Repository
from shared.tables.columns import NAMING, SHEETS
from shared.tables.template import write_template


async def agency_names(agencies: Repository[Agency], region: str) -> list[str]:
    """The names of the region's agencies that are not retired, in order."""
    return sorted([each.name async for each in agencies_of(agencies, region) if each.retired_on is None])


def template_of(path: Path, sheet: str | None, agencies: Sequence[str]) -> None:
    """Write a template. sheet: its key, None for all."""
    sheets = list(SHEETS.values()) if sheet is None else [SHEETS[sheet]]
    write_template(path, sheets, dict.fromkeys(NAMING, agencies))
