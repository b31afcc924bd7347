"""What comes in from a table was proved to the office that keeps the table: its rows count, until the innovation is
submitted in this system."""

from __future__ import annotations

from pathlib import Path

from shared.contracts.innovation import InnovationState, RowEvidence
from tests.contract.registry.test_imports import FILLED, HEAD
from tests.support.registry_samples import valid_profile
from tests.support.registry_service import RegistryService, running_registry
from tests.support.tables import imported, workbook

SUBMITTED = ("Dinas Kesehatan", 2026, "Satu", "Diajukan", "2026-05-06", None, *FILLED, 2, 3, None)


async def told(registry: RegistryService) -> list[RowEvidence]:
    """The rows of the last event."""
    _, payload = (await registry.owed_events())[-1]
    assert isinstance(payload, InnovationState)
    return list(payload.evidence)


async def test_rows_of_a_table_are_proved_elsewhere_until_the_innovation_is_submitted_here(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        agency = await registry.agency()
        await imported(registry, "innovations", workbook({"Inovasi": [HEAD, SUBMITTED]}))
        from_table = await told(registry)
        (listed,) = (await registry.by("curator")("GET", "/innovations")).json()["items"]
        place = f"/innovations/{listed['id']}"
        curator, officer = registry.by("curator"), registry.by(f"agency:{agency}")
        missing = (await curator("GET", place)).json()["missing_mandatory"]

        returned = await curator.change("POST", f"{place}/return", {"comments": {"16": "Unggah suratnya."}}, of=place)
        assert returned.status_code == 200, returned.text
        still_of_table = await told(registry)
        await officer.change("PUT", place, {"profile": valid_profile()}, of=place)
        again = await officer.change("POST", f"{place}/submit", of=place)
        assert again.status_code == 200, again.text
        submitted_here = await told(registry)

    rows = [(each.row, each.level) for each in from_table]
    assert rows == [("16", 2), ("17", 3)]
    for found, proofs in ((from_table, 1), (still_of_table, 1), (submitted_here, 0)):
        assert [(each.row, each.level) for each in found] == rows
        assert {each.proofs for each in found} == {proofs}
    assert "16" in missing  # the office still has to upload them for the national round
