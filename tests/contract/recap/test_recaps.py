"""The recap for the Sekda and the facts of an agency's year: what they show, in which order, to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shared.contracts.commitment import CommitmentSigned, Promised, PromiseOutcome
from shared.contracts.scorecard import InnovationScored
from shared.contracts.vocabulary import AgencyKind, InnovationStatus
from shared.web.app import service_app
from tests.support.notifications_api import DINKES, DINSOS, Api, RoleGate
from tests.support.notifications_service import (
    REGION,
    YEAR,
    agency,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    notifications_service,
    passed,
    region,
)

TODAY = datetime(2027, 1, 14, 3, tzinfo=UTC)
IN_TIME, LATE = datetime(2026, 8, 1, tzinfo=UTC), datetime(2027, 1, 5, 3, tzinfo=UTC)
LAST = YEAR - 1
VERIFIED, DRAFT = InnovationStatus.VERIFIED, InnovationStatus.DRAFT
PLACE = f"/recaps/{REGION}/{YEAR}"


def card(name: str, by: str, claimed: str, verified: str, year: int = YEAR) -> InnovationScored:
    return InnovationScored(
        innovation=innovation_id(name),
        innovation_sequence=1,
        region=REGION,
        agency=agency_id(by),
        year=year,
        status=InnovationStatus.SUBMITTED,
        catalogue="2026.1",
        digest="x",
        claimed=Decimal(claimed),
        verified=Decimal(verified),
        most=Decimal(111),
        rows=(),
        missing_mandatory=(),
    )


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """Two weeks after the deadline: an agency in each state, of four kinds; last year two had fulfilled their duty."""
    async with notifications_service(tmp_path, at=TODAY) as service:
        kinds = (AgencyKind.DINAS, AgencyKind.KECAMATAN, AgencyKind.RSUD)
        await service.receive(region(deadline(date(LAST, 12, 31), year=LAST), deadline(), kinds=kinds))
        for name in ("Dinas Kesehatan", "Dinas Sosial", "Dinas Baru"):
            await service.receive(agency(name, obliged_from=YEAR if name == "Dinas Baru" else None))
        await service.receive(agency("RSUD", AgencyKind.RSUD))
        await service.receive(agency("Kecamatan Kubu", AgencyKind.KECAMATAN))
        await service.receive(agency("Inspektorat", AgencyKind.INSPEKTORAT))
        await service.receive(agency("Dinas Lama", retired=True, retired_on=date(LAST, 6, 30)))
        told = (
            innovation("SPIRIT", first=IN_TIME, status=VERIFIED, verified=LATE, turn=2),
            innovation("Gestur", first=IN_TIME + timedelta(days=1), turn=1),
            innovation("", status=DRAFT, by="Dinas Sosial", turn=1),
            innovation("Adu KPM", by="RSUD", first=LATE, turn=1),
            innovation("Lampau", by="RSUD", year=LAST, first=datetime(LAST, 5, 1, tzinfo=UTC), turn=1),
            innovation("Lambat", by="Dinas Sosial", year=LAST, first=datetime(YEAR, 2, 1, tzinfo=UTC), turn=1),
        )
        for each in told:
            await service.receive(each)
        await service.receive(card("SPIRIT", "Dinas Kesehatan", "88.5", "80"))
        await service.receive(card("Gestur", "Dinas Kesehatan", "101", "0"))
        await service.receive(card("Adu KPM", "RSUD", "40", "0"))
        await service.receive(passed("SPIRIT", "Gestur"))
        await service.receive(passed(year=LAST, date=date(LAST, 12, 31)))
        app = service_app("notifications", service.service.router, RoleGate())
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://satu") as http:
            api = Api(service, http)
            decree = {"decree": "100.3/417/2026", "decree_date": "2026-11-02", "reason": "Baru dibentuk."}
            exempted = f"/exemptions/{agency_id('Dinas Baru')}/{YEAR}"
            assert (await api.request("curator", "PUT", exempted, json=decree)).status_code == 200
            yield api


async def recap(api: Api, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - query parameters
    answered = await api.request("executive", "GET", PLACE, params=params)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def names(api: Api, **params: Any) -> list[str]:  # noqa: ANN401 - query parameters
    return [each["agency_name"] for each in (await recap(api, **params))["lines"]]


async def test_the_recap_is_the_one_that_was_made_by_hand(api: Api) -> None:
    by_hand = {
        # status, on time, days late, innovations, claimed, verified, decree | last year: status, on time
        "Kecamatan Kubu": ("overdue", None, 14, [], None, None, None, "overdue", None),
        "Dinas Sosial": ("overdue", None, 14, [""], None, None, None, "fulfilled", False),
        "RSUD": ("fulfilled", False, 5, ["Adu KPM"], 40, 0, None, "fulfilled", True),
        "Dinas Kesehatan": ("fulfilled", True, None, ["SPIRIT", "Gestur"], 88.5, 80, None, "overdue", None),
        "Dinas Baru": ("exempted", None, None, [], None, None, "100.3/417/2026", None, None),
        "Inspektorat": ("exempted", None, None, [], None, None, None, "exempted", None),
    }

    found = await recap(api)

    shown = {}
    for line in found["lines"]:
        duty, before = line["duty"], line["before"]
        shown[line["agency_name"]] = (
            duty["status"],
            duty["on_time"],
            duty["days_late"],
            [each["name"] for each in duty["innovations"]],
            duty["claimed"],
            duty["verified"],
            duty["decree"] and duty["decree"]["number"],
            before and before["status"],
            before and before["on_time"],
        )
    assert shown == by_hand
    assert found["as_of"] == "2027-01-14"


def commitment(by: str, *promised: Promised, revoked: bool = False) -> CommitmentSigned:
    signed = {"number": "000.9/12/2026", "dated": date(2026, 2, 3)}
    return CommitmentSigned(
        region=REGION, agency=agency_id(by), year=YEAR, promised=promised, revoked=revoked, **signed
    )


async def test_a_commitment_stands_beside_the_duty_until_it_is_revoked(api: Api) -> None:
    taken_up = Promised(name="SPIRIT", outcome=PromiseOutcome.TAKEN_UP, innovation=innovation_id("SPIRIT"))
    both = (taken_up, Promised(name="Lain"))
    await api.service.receive(commitment("Dinas Kesehatan", *both), sequence=900)
    await api.service.receive(commitment("RSUD", revoked=True), sequence=901)
    await api.service.receive(commitment("Dinas Kesehatan"), sequence=899)

    found = await recap(api)

    signed = {each["agency_name"]: each["duty"]["commitment"] for each in found["lines"] if each["duty"]["commitment"]}
    known = {"number": "000.9/12/2026", "dated": "2026-02-03", "promised": 2, "taken_up": 1, "dropped": 0}
    assert signed == {"Dinas Kesehatan": known}
    assert found["totals"]["commitments"] == 1
    book = load_workbook(BytesIO((await api.request("curator", "GET", f"{PLACE}/recap.xlsx")).content))
    texts = {cell.value for row in book.worksheets[0] for cell in row}
    assert "000.9/12/2026, 3 Februari 2026; 1 dari 2 terwujud" in texts


async def test_the_totals_stand_beside_those_of_last_year(api: Api) -> None:
    found = await recap(api, status="overdue")

    totals, before = found["totals"], found["totals_before"]
    wanted = {"agencies": 6, "obliged": 4, "fulfilled": 2, "in_time": 1, "late": 1, "overdue": 2, "percent": 50}
    assert {name: totals[name] for name in wanted} == wanted
    assert totals["exempted_by"] == {"decree": 1, "not_obliged": 1}
    assert (totals["innovations"], totals["verified"]) == (3, 1)
    assert (before["agencies"], before["fulfilled"], before["late"], before["overdue"]) == (6, 2, 1, 2)


async def test_who_owes_nothing_and_brings_an_innovation_is_no_part_of_those_obliged_and_never_late(api: Api) -> None:
    await api.service.receive(innovation("Siaga", by="Inspektorat", first=LATE, turn=1))

    found = await recap(api)

    (duty,) = [each["duty"] for each in found["lines"] if each["agency_name"] == "Inspektorat"]
    assert (duty["status"], duty["voluntary"], duty["late"], duty["days_late"]) == ("fulfilled", True, False, None)
    totals = found["totals"]
    assert [totals[name] for name in ("obliged", "fulfilled", "voluntary", "exempted")] == [4, 2, 1, 1]
    assert (totals["late"], totals["percent"]) == (1, 50)


async def test_the_recap_is_filtered_by_kind_status_and_lateness(api: Api) -> None:
    assert await names(api, kind="rsud") == ["RSUD"]
    assert await names(api, kind=["rsud", "kecamatan"]) == ["Kecamatan Kubu", "RSUD"]
    assert await names(api, status="fulfilled") == ["RSUD", "Dinas Kesehatan"]
    assert await names(api, late=True) == ["Dinas Sosial", "Kecamatan Kubu", "RSUD"]
    assert await names(api, late=False, status="fulfilled") == ["Dinas Kesehatan"]


async def test_the_recap_is_sorted_by_status_kind_name_and_score(api: Api) -> None:
    assert (await names(api))[:3] == ["Dinas Sosial", "Kecamatan Kubu", "RSUD"]
    by_kind = ["Dinas Baru", "Dinas Kesehatan", "Dinas Sosial", "Inspektorat", "Kecamatan Kubu", "RSUD"]
    assert await names(api, sort="kind") == by_kind
    assert await names(api, sort="name") == sorted(by_kind)
    assert (await names(api, sort="score"))[:2] == ["Dinas Kesehatan", "RSUD"]


async def test_a_year_without_a_deadline_has_agencies_and_no_status(api: Api) -> None:
    found = (await api.request("curator", "GET", f"/recaps/{REGION}/{YEAR + 1}")).json()

    assert {each["duty"]["status"] for each in found["lines"]} == {None}
    assert found["deadline"] is None
    assert found["totals"]["without_deadline"] == 6


async def test_the_workbook_has_the_agencies_the_innovations_and_the_totals(api: Api) -> None:
    answered = await api.request("curator", "GET", f"{PLACE}/recap.xlsx")

    book = load_workbook(BytesIO(answered.content))
    assert book.sheetnames == [f"Rekap {YEAR}", "Inovasi", "Jumlah"]
    sheet, innovations, totals = book.worksheets
    heads = [cell.value for cell in sheet[5]]
    rows = [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=6)]
    by_name = {row["Perangkat daerah"]: row for row in rows}
    assert by_name["RSUD"]["Ketepatan waktu"] == "Terlambat 5 hari"
    assert by_name["RSUD"][f"{LAST}: Ketepatan waktu"] == "Tepat waktu"
    assert by_name["Dinas Kesehatan"]["Inovasi"] == "SPIRIT; Gestur (diajukan)"
    assert by_name["Dinas Kesehatan"]["Skor klaim"] == 88.5
    assert by_name["Dinas Baru"]["SK pengecualian"] == "100.3/417/2026, 2 November 2026"
    assert sheet.auto_filter.ref == f"A5:R{5 + len(rows)}"
    assert [row[3].value for row in innovations.iter_rows(min_row=2)].count("SPIRIT") == 1
    assert {row[0].value: (row[1].value, row[2].value) for row in totals}["Lewat tenggat"] == (2, 2)


async def test_the_page_is_a4_and_says_who_is_late(api: Api) -> None:
    answered = await api.request("executive", "GET", f"{PLACE}/recap.pdf", params={"late": True})

    page = PdfReader(BytesIO(answered.content)).pages[0]
    text = " ".join(page.extract_text().split())
    assert sorted(round(float(each)) for each in page.mediabox[2:]) == [595, 842]
    for words in ("Dinas Sosial", "Lewat tenggat 14 hari", "hanya yang terlambat", "Kecamatan Kubu"):
        assert words in text
    assert "Dinas Kesehatan" not in text


async def test_more_than_can_be_printed_at_once_is_asked_for_by_kind(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notifications.api.recap.MOST_LINES", 5)
    monkeypatch.setattr("services.notifications.api.recap.MOST_PAGES", 2)

    for path, query, status in (("recap", "", 422), ("recap", "?kind=dinas", 200), ("facts", "?late=true", 422)):
        answered = await api.request("curator", "GET", f"{PLACE}/{path}.pdf{query}")
        assert answered.status_code == status, (path, query)


async def test_the_facts_of_an_agency_name_deadlines_former_years_and_innovations(api: Api) -> None:
    found = (await api.request("curator", "GET", f"{PLACE}/agencies/{agency_id('RSUD')}")).json()

    assert found["duty"]["days_late"] == 5
    assert [(each["year"], each["status"], each["on_time"]) for each in found["years"]] == [(LAST, "fulfilled", True)]
    assert [(each["date"], each["basis"]) for each in found["deadlines"]] == [("2026-12-31", "SE 1/2026")]
    assert [(each["name"], each["in_time"]) for each in found["duty"]["innovations"]] == [("Adu KPM", False)]
    assert "diputuskan oleh pejabat" in found["statement"]


async def test_the_facts_name_the_reminders_that_were_sent_and_no_person(api: Api) -> None:
    await api.service.set_contact("Budi Santoso", of=["Kecamatan Kubu"])
    await api.service.parts.sweep.run()

    answered = await api.request("curator", "GET", f"{PLACE}/agencies/{agency_id('Kecamatan Kubu')}")

    (reminder,) = answered.json()["reminders"]
    assert reminder["words"].startswith("Melewati tenggat")
    assert (reminder["first_on"], reminder["pending"]) == ("2027-01-14", 1)
    assert "Budi" not in answered.text


async def test_the_facts_are_printed_a_page_for_each_agency_that_is_asked_for(api: Api) -> None:
    all_late = await api.request("curator", "GET", f"{PLACE}/facts.pdf", params={"late": True})
    own = await api.request("agency", "GET", f"{PLACE}/agencies/{DINKES}/facts.pdf")
    nobody = await api.request("curator", "GET", f"{PLACE}/facts.pdf", params={"status": "open"})

    pages = PdfReader(BytesIO(all_late.content)).pages
    assert [name in page.extract_text() for name, page in zip(["Sosial", "Kubu", "RSUD"], pages, strict=True)] == [
        True
    ] * 3
    assert "SPIRIT *" in PdfReader(BytesIO(own.content)).pages[0].extract_text()
    assert nobody.status_code == 404


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("agency", PLACE, 403),
        ("stranger", PLACE, 403),
        ("stranger", f"{PLACE}/recap.xlsx", 403),
        ("stranger", f"{PLACE}/facts.pdf", 403),
        ("agency", f"{PLACE}/agencies/{DINKES}", 200),
        ("agency", f"{PLACE}/agencies/{DINSOS}", 403),
        ("elsewhere", f"{PLACE}/agencies/{DINKES}", 403),
        ("stranger", f"/recaps/61.71/{YEAR}/agencies/{DINKES}", 404),
        ("curator", f"{PLACE}/agencies/{agency_id('Dinas Lama')}", 404),
        ("curator", f"{PLACE}/recap.docx", 422),
        ("curator", f"{PLACE}?kind=x", 422),
    ],
)
async def test_who_may_read_what(api: Api, who: str, path: str, status: int) -> None:
    assert (await api.request(who, "GET", path)).status_code == status
