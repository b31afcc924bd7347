"""A national round over HTTP, on both pairs of engines: verified innovations give an index and a ranking, the ranking
is frozen and printed, and a rescore by the same catalogue changes nothing."""

from __future__ import annotations

import csv
from functools import partial
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.support.client import Refused, Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import CLAIMED, EVIDENCE, YEAR
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

LEVELS = {"16": 2, "17": 1, "32": 3, "33": 2, "35": 0}
VERIFIED = 2 * 3 + 1 * 2 + 3 * 2 + 2 * 3
SPD = {"8": {"level": 3, "evidence": [{"link": "https://bukti.satu.example/spd"}]}}


async def verified(regency: Regency, name: str) -> str:
    """A verified innovation of an age that the round admits, with its scorecard."""
    agency = await regency.agency(f"Dinas {name}")
    innovation = await regency.draft(agency, valid_profile(name=name, applied_on="2025-05-05"), EVIDENCE)
    await regency.submit(innovation, agency)
    await regency.verify(innovation, LEVELS)
    await eventually(lambda: regency.scorecard(innovation), lambda card: card["status"] == "verified")
    return innovation


async def test_a_round_from_verification_to_certificate(regency: Regency, system: RunningSystem) -> None:
    curator, scoring = regency.curator, "/scoring/v1"
    first = await verified(regency, "Peci Merah")
    index_of = f"{scoring}/indices/{regency.code}/{YEAR}"

    index = await eventually(lambda: curator.get(index_of), lambda index: index["verified"]["innovations"] == 1)
    assert (index["claimed"]["innovations"], index["verified"]["spd"]) == (1, 0)
    assert index["verified"]["index"] == round(VERIFIED / 12 / 250 * 100, 2)
    assert index["claimed"]["index"] == round(CLAIMED / 12 / 250 * 100, 2)

    # The rows of the region itself are added, and a second innovation.
    spd_of = f"{scoring}/spd/{regency.code}/{YEAR}"
    spd = await curator.change("PUT", spd_of, {"rows": SPD})
    second = await verified(regency, "Anak Rajin")
    index = await eventually(lambda: curator.get(index_of), lambda index: index["verified"]["innovations"] == 2)
    index = await eventually(lambda: curator.get(index_of), lambda index: index["verified"]["spd"] > 0)
    assert index["verified"]["spd"] == spd["points"]
    assert index["verified"]["index"] == round((spd["points"] + 2 * VERIFIED / 12) / 250 * 100, 2)

    # Both have the same points and levels; the one submitted earlier ranks first.
    where: dict[str, str | int] = {"region": regency.code, "year": YEAR}
    ranking = await curator.get(f"{scoring}/rankings", **where)
    assert [(each["rank"], each["innovation"], each["total"]) for each in ranking["items"]] == [
        (1, first, VERIFIED),
        (2, second, VERIFIED),
    ]
    frozen = await curator.create(f"{scoring}/rankings/freezes", where | {"synthetic": True})

    # Later changes affect the ranking, but not the freeze.
    await regency.withdraw(first, (await regency.innovation(first))["agency"])
    await eventually(
        lambda: curator.get(f"{scoring}/rankings", **where),
        lambda ranking: [each["rank"] for each in ranking["items"]] == [1],
    )
    assert await curator.get(f"{scoring}/rankings/freezes/{frozen['id']}") == frozen

    exports = f"{scoring}/exports"
    certificate = await curator.raw("GET", f"{exports}/freezes/{frozen['id']}/certificates/{first}.pdf")
    assert "Peci Merah" in PdfReader(BytesIO(certificate.content)).pages[0].extract_text()
    book = load_workbook(BytesIO((await curator.raw("GET", f"{exports}/scorecards.xlsx", params=where)).content))
    assert {"Ringkasan", "Rincian"} <= set(book.sheetnames)
    rows = csv.DictReader(StringIO((await curator.raw("GET", f"{exports}/rankings.csv", params=where)).text))
    assert [row["innovation"] for row in rows] == [second]

    await system.wait_until_idle()


async def test_a_rescore_by_the_same_catalogue_changes_nothing_and_says_so(regency: Regency) -> None:
    innovation = await verified(regency, "Lapor Cepat")
    before = await regency.scorecard(innovation)

    for dry_run in (True, False):
        request = {"region": regency.code, "year": YEAR, "catalogue": "2026", "dry_run": dry_run}
        rescore = await regency.curator.create("/scoring/v1/rescores", request)
        done = await eventually(
            partial(regency.curator.get, f"/scoring/v1/rescores/{rescore['id']}"), lambda it: it["status"] == "done"
        )
        assert (done["total"], done["report"]["seen"], done["report"]["same"]) == (1, 1, 1)

    assert await regency.scorecard(innovation) == before
    with pytest.raises(Refused, match="403"):
        await regency.curator.create("/scoring/v1/rescores", {"catalogue": "2026"})
