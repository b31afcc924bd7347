"""A report names the agency that a mistyped name is nearest to, if one is near."""

from __future__ import annotations

from pathlib import Path

from tests.contract.registry.test_imports import FILLED, HEAD
from tests.support.registry_service import running_registry
from tests.support.tables import findings, imported, workbook


async def test_a_mistyped_name_is_reported_with_the_nearest_agency(tmp_path: Path) -> None:
    typed = ("Dinas Kesehatam", "dinas  kesehtan", "Dinkes", "Dinas Kesehatan")
    rows = [(name, 2026, f"Ide {name}", "Diajukan", "2026-05-06", None, *FILLED, 2, 3, None) for name in typed]
    signed = [("OPD", "Tahun", "Nomor", "Tanggal"), ("Dinas Kesehatn", 2026, "PI/1", "2026-02-03")]
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await registry.agency()
        await registry.agency("Dinas Sosial")
        done = await imported(registry, "innovations", workbook({"Inovasi": [HEAD, *rows]}), key="1")
        other = await imported(registry, "commitments", workbook({"Perjanjian": signed}), key="2")

        reasons = [each["reason"].partition("; ")[2] for each in await findings(registry, done["id"])]
        reasons += [each["reason"].partition("; ")[2] for each in await findings(registry, other["id"])]

    near = "mungkin: Dinas Kesehatan"
    assert reasons == [near, near, "", near]
