"""Exports: real files, made over HTTP from a real store, and opened again."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from services.scoring.exports import columns
from services.scoring.exports.workbook_reading import read_scorecard_workbook
from services.scoring.index.document import RegionIndex, index_id
from services.scoring.index.index import Tally, formula_of, index_of
from services.scoring.kinds import KINDS, REGION_INDEX
from services.scoring.scorecard.input import read_score_input
from services.scoring.scorecard.scorecard import score
from shared.adapters.sqlite.store import SqliteStore
from tests.support.scoring_examples import catalogue, entry
from tests.support.scoring_service import KUBU_RAYA, PONTIANAK, ScoringService, add_examples, opened

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [str(number) for number in range(16, 36)]
FORMULAS = ('=HYPERLINK("http://example.test";"klik")', "+62", "-1+1", "@SUM(A1)", "\t=1+1", "  =1+1")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[ScoringService]:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    async with opened(store) as service:
        await add_examples(service)
        yield service
    await store.close()


async def download(service: ScoringService, path: str, who: str | None = None) -> bytes:
    answer = await service.request("GET", path, who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.content


async def sheets(service: ScoringService, path: str, who: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(await download(service, path, who)))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def pdf_text(content: bytes) -> str:
    reader = PdfReader(BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


# --- Scorecards ---


async def test_a_regions_workbook_follows_the_national_form(service: ScoringService) -> None:
    found = await sheets(service, "/exports/scorecards.xlsx?region=61.71&year=2025", "curator")

    assert list(found) == ["Ringkasan", "Rincian", "Level 2026.1"]
    assert [row[1] for row in found["Ringkasan"][3:]] == [
        f"Inovasi {id}" for id in ("anakku", "baca", "klinik", "menunggu", "peci")
    ]
    form = found["Rincian"][1:]
    assert [str(row[2]) for row in form] == ROWS * 5
    asked = columns.HEADS.index("Data pendukung yang diminta")
    assert form[0][2:][asked].startswith("Halaman pertama")
    level = found["Level 2026.1"]
    assert level[0][2:-2] == tuple(ROWS)
    assert level[1] == ("Inovasi anakku", "Kecamatan-kota (sintetis)", *([3] * 20), 111, 74)
    assert "belum dicocokkan" in found["Ringkasan"][1][0]


async def test_a_file_shows_no_more_than_the_list(service: ScoringService) -> None:
    seen = {}
    for who in (None, "agency", "curator", "neighbour", "operator"):
        body = json.loads(await download(service, "/exports/scorecards.json?region=61.71", who))
        seen[who] = {item["innovation"] for item in body["items"]}
        lines = csv.DictReader(
            StringIO((await download(service, "/exports/scorecards.csv?region=61.71", who)).decode())
        )
        assert {line["innovation"] for line in lines} == seen[who]
        book = await sheets(service, "/exports/scorecards.xlsx?region=61.71", who)
        assert len(book["Ringkasan"]) - 3 == len(seen[who])

    public = {"peci", "anakku", "baca", "klinik"}
    assert seen[None] == seen["neighbour"] == seen["operator"] == public
    assert seen["curator"] == {*public, "menunggu"}
    assert seen["agency"] == {"peci", "baca", "menunggu"}


async def test_the_json_file_has_the_same_content_as_the_answers(service: ScoringService) -> None:
    body = json.loads(await download(service, "/exports/scorecards.json?region=61.71&year=2025"))

    assert (body["region"], body["year"]) == (PONTIANAK, 2025)
    for item in body["items"]:
        assert item == await service.get(f"/scorecards/{item['innovation']}")


async def test_csv_has_a_line_for_each_row_of_the_form(service: ScoringService) -> None:
    content = await download(service, "/exports/scorecards.csv?region=61.71&year=2025")
    lines = list(csv.DictReader(StringIO(content.decode())))

    assert len(lines) == 4 * 20
    assert [line["row"] for line in lines[:20]] == ROWS
    first = next(line for line in lines if line["innovation"] == "peci" and line["row"] == "16")
    assert (first["level"], first["points"], first["verified_level"], first["mandatory"]) == ("3", "9", "2", "true")
    assert (first["maturity_claimed"], first["maturity_verified"], first["maturity_of"]) == ("111", "74", "111")


async def test_many_come_in_pages_and_none_is_lost(service: ScoringService) -> None:
    for number in range(120):
        await service.add(f"banyak-{number:03}", 1)

    body = json.loads(await download(service, "/exports/scorecards.json?region=61.71"))
    lines = list(csv.reader(StringIO((await download(service, "/exports/scorecards.csv?region=61.71")).decode())))
    book = await sheets(service, "/exports/scorecards.xlsx?region=61.71")

    assert len(body["items"]) == 124
    assert len({line[0] for line in lines[1:]}) == 124
    assert (len(book["Ringkasan"]) - 3, len(book["Rincian"]) - 1) == (124, 124 * 20)


async def test_a_region_without_scorecards_has_an_empty_file(service: ScoringService) -> None:
    assert json.loads(await download(service, f"/exports/scorecards.json?region={KUBU_RAYA}"))["items"] == []
    assert len((await download(service, f"/exports/scorecards.csv?region={KUBU_RAYA}")).splitlines()) == 1
    assert len((await sheets(service, f"/exports/scorecards.xlsx?region={KUBU_RAYA}"))["Ringkasan"]) == 3


async def test_what_waits_to_be_scored_is_in_the_files_without_points(service: ScoringService) -> None:
    await service.add("jauh", 3, region="63.03")

    book = await sheets(service, "/exports/scorecards.xlsx?region=63.03")
    (line,) = csv.DictReader(StringIO((await download(service, "/exports/scorecards.csv?region=63.03")).decode()))
    page = pdf_text(await download(service, "/exports/scorecards/jauh.pdf"))

    assert book["Ringkasan"][3][10] is None
    assert (line["innovation"], line["row"], line["maturity_claimed"]) == ("jauh", "", "")
    assert "belum dinilai" in page


@pytest.mark.parametrize("name", FORMULAS)
async def test_no_cell_is_a_formula(service: ScoringService, name: str) -> None:
    await service.add("jahat", 3, name=name)

    for path in ("/exports/scorecards/jahat.xlsx", "/exports/scorecards.xlsx?region=61.71"):
        book = load_workbook(BytesIO(await download(service, path)))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
        named = [cell for cell in cells if isinstance(cell.value, str) and cell.value.strip() == name.strip()]
        assert named
        assert all(cell.quotePrefix for cell in named)
    text = (await download(service, "/exports/scorecards.csv?region=61.71")).decode()
    shown = next(line["name"] for line in csv.DictReader(StringIO(text)) if name.strip() in line["name"])
    assert shown.startswith("'")
    assert shown.replace("'", "") == name


async def test_a_scorecards_workbook_is_what_satu_score_reads(service: ScoringService, tmp_path: Path) -> None:
    filled = (
        entry("16", level=3),
        entry("17", value="12", unit="SDM"),
        entry("18", level=2, proofs=0),
        entry("29", value="85.5"),
        entry("33", basis="c", value="12.34", level=1),
    )
    await service.add(
        "campur",
        1,
        verified=None,
        status="submitted",
        evidence=[each.model_dump() for each in filled],
        nature="non_digital",
    )
    file = tmp_path / "campur.xlsx"
    file.write_bytes(await download(service, "/exports/scorecards/campur.xlsx", "curator"))

    read = read_scorecard_workbook(file)
    given = read_score_input(read, catalogue())
    again = score(catalogue(), given.evidence, given.nature, given.stage)
    shown = await service.get("/scorecards/campur", "curator")

    assert (read["name"], read["digital"]) == ("Inovasi campur", False)
    assert read["levels"]["16"] == 3
    assert {key: str(value) for key, value in read["levels"]["33"].items()} == {
        "basis": "c",
        "value": "12.34",
        "level": "1",
    }
    assert read["evidence"] == ["16", "17", "29", "33"]
    assert again.claimed == shown["maturity"]["claimed"]
    assert [(row.row, row.level) for row in again.rows] == [(row["row"], row["level"]) for row in shown["rows"]]


async def test_a_scorecard_is_printed_with_its_gaps_and_the_notice(service: ScoringService) -> None:
    await service.add(
        "cetak", 2, evidence=[entry("16", level=2, dated="2025-03-01").model_dump()], name="Pelayanan “É” – 1≥2"
    )

    content = await download(service, "/exports/scorecards/cetak.pdf")
    text = pdf_text(content)

    assert content.startswith(b"%PDF-")
    assert "Kartu Skor Kematangan Inovasi Daerah" in text
    assert "Pelayanan “É” – 1≥2" in text
    assert "6 dari 111" in text
    assert "Indikator wajib yang belum terpenuhi: 17, 32, 33, 35." in text
    assert "Belum ada data pendukung." in text
    assert "belum dicocokkan dengan surat resmi" in text
    assert "dicetak 3 Desember 2025" in text
    assert "Kabupaten Kubu Raya" in text  # the sample region's name
    fonts = {str(font["/BaseFont"]) for page in PdfReader(BytesIO(content)).pages for font in _fonts(page)}
    assert any("Vera" in font for font in fonts)


def _fonts(page: Any) -> list[Any]:  # noqa: ANN401 - pypdf's page
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize("path", ["/exports/scorecards/menunggu.pdf", "/exports/scorecards/menunggu.xlsx"])
async def test_a_file_of_what_one_may_not_see_is_not_there(service: ScoringService, path: str) -> None:
    for who in (None, "neighbour", "operator"):
        answer = await service.request("GET", path, who)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    for who in ("agency", "curator", "executive"):
        assert (await service.request("GET", path, who)).status_code == 200


# --- Rankings and certificates ---


async def test_the_live_ranking_as_files(service: ScoringService) -> None:
    asked = "year=2025&region=61.71&nature=digital"

    live = await service.get(f"/rankings?{asked}")
    whole = json.loads(await download(service, f"/exports/rankings.json?{asked}"))
    lines = list(csv.DictReader(StringIO((await download(service, f"/exports/rankings.csv?{asked}")).decode())))
    book = await sheets(service, f"/exports/rankings.xlsx?{asked}")

    assert whole == live
    assert [(int(line["rank"]), line["innovation"]) for line in lines] == [(1, "peci"), (2, "anakku"), (3, "klinik")]
    assert lines[0]["first_submitted_at"] == "2025-10-01T00:00:00+00:00"
    heads = next(row for row in book["Peringkat"] if "Peringkat" in row)
    first = book["Peringkat"][book["Peringkat"].index(heads) + 1]
    assert dict(zip(heads, first, strict=True))["Diajukan pertama kali"] == "1 Oktober 2025"
    assert dict(zip(heads, first, strict=True))["Urusan utama"] == "Kesehatan"


async def test_the_forecast_as_a_file_is_for_the_regions_own(service: ScoringService) -> None:
    path = "/exports/rankings.csv?year=2025&region=61.71&measure=claimed"

    assert [(await service.request("GET", path, who)).status_code for who in (None, "agency", "neighbour")] == [403] * 3
    assert b"menunggu" in await download(service, path, "curator")


async def frozen(service: ScoringService, key: str = "a", **more: Any) -> str:  # noqa: ANN401 - what is frozen
    body = {"region": PONTIANAK, "year": 2025, **more}
    answer = await service.request("POST", "/rankings/freezes", "curator", body, Idempotency_Key=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_freeze_as_files(service: ScoringService) -> None:
    id = await frozen(service, synthetic=True)

    whole = json.loads(await download(service, f"/exports/freezes/{id}.json"))
    lines = list(csv.DictReader(StringIO((await download(service, f"/exports/freezes/{id}.csv")).decode())))
    book = await sheets(service, f"/exports/freezes/{id}.xlsx")

    assert whole == await service.get(f"/rankings/freezes/{id}")
    assert [line["innovation"] for line in lines] == ["baca", "peci", "anakku", "klinik"]
    assert any(str(row[0]).startswith("CONTOH") for row in book["Peringkat"] if row)
    assert ("Semua inovasi", "Dinas", 2) in [row[:3] for row in book["Jumlah"]]


async def test_a_certificate_names_place_agency_and_innovation(service: ScoringService) -> None:
    await service.add("kembar", 3, verified=2)
    id = await frozen(service, synthetic=True)

    content = await download(service, f"/exports/freezes/{id}/certificates/peci.pdf")
    text = pdf_text(content)

    assert "PIAGAM PERINGKAT INOVASI DAERAH" in text
    assert "Disdukcapil (sintetis)" in text
    assert "atas inovasi “Inovasi peci”" in text
    assert "PERINGKAT 2 (BERSAMA)" in text
    assert "skor kematangan terverifikasi 74 dari 111" in text
    assert "dibekukan 3 Desember 2025 (pembekuan ke-1)" in text
    assert "CONTOH – data sintetis" in text
    assert "belum dicocokkan dengan surat resmi" in text
    assert len(PdfReader(BytesIO(content)).pages) == 1
    assert content == await download(service, f"/exports/freezes/{id}/certificates/peci.pdf")


async def test_a_certificate_of_a_corrected_freeze_names_the_correction(service: ScoringService) -> None:
    id = await frozen(service)
    await frozen(service, "b", reason="Koreksi.")

    text = pdf_text(await download(service, f"/exports/freezes/{id}/certificates/peci.pdf"))

    assert "telah dikoreksi oleh pembekuan ke-2" in text
    assert "CONTOH" not in text


async def test_a_competition_gives_certificates_to_those_awarded(service: ScoringService) -> None:
    terms = {
        "name": "Lomba (contoh)", "season": "2025", "year": 2025, "places": 1, "synthetic": True,
        "groups": [{"slug": "semua", "name": "Semua kelompok"}],
        "categories": [{"slug": "layanan", "name": "Pelayanan publik", "forms": ["pelayanan_publik"]}],
    }  # fmt: skip
    made = await service.request(
        "POST", "/competitions", "curator", {"region": PONTIANAK, "terms": terms}, Idempotency_Key="l"
    )
    frozen = await service.request(
        "POST", "/rankings/freezes", "curator", {"competition": made.json()["id"]}, Idempotency_Key="a"
    )
    id = frozen.json()["id"]

    text = pdf_text(await download(service, f"/exports/freezes/{id}/certificates/peci.pdf"))

    assert "Semua kelompok · Pelayanan publik" in text
    for other in ("anakku", "baca", "nobody"):  # second; another category; unknown
        assert (await service.request("GET", f"/exports/freezes/{id}/certificates/{other}.pdf")).status_code == 404


async def test_indices_as_files_show_the_forecast_to_the_regions_own(service: ScoringService) -> None:
    formula = formula_of(catalogue().constants, 2026)
    tally = Tally()
    tally.add(Decimal(74), "kesehatan")
    figure = index_of(formula, Decimal(40), tally)
    index = RegionIndex(
        region=PONTIANAK, year=2026, claimed=figure, verified=figure, waiting=0, catalogues={"2026.1": 1},
        spd_points=Decimal(40), spd_catalogue="2026.1", generation=1,
    )  # fmt: skip
    id = index_id(PONTIANAK, 2026)
    await service.store.change(REGION_INDEX.name, id, lambda _: (index.model_dump(mode="json"), None))

    for who, figures in ((None, ["verified"]), ("neighbour", ["verified"]), ("curator", ["verified", "claimed"])):
        lines = list(
            csv.DictReader(StringIO((await download(service, "/exports/indices.csv?year=2026", who)).decode()))
        )
        book = await sheets(service, f"/exports/indices.xlsx?year=2026&region={PONTIANAK}", who)
        (item,) = json.loads(await download(service, "/exports/indices.json?year=2026", who))["items"]
        assert [line["figure"] for line in lines] == figures
        assert [row[2] for row in book["Indeks"] if row[0] == PONTIANAK] == figures
        assert (item["claimed"] is None) == (figures == ["verified"])
        assert float(lines[0]["index"]) == item["verified"]["index"]
    assert (await service.request("GET", "/exports/indices.csv")).status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/exports/scorecards.pdf?region=61.71", 422),
        ("/exports/scorecards.xlsx", 422),
        ("/exports/scorecards/peci.csv", 422),
        ("/exports/rankings.csv", 422),
        ("/exports/freezes/61.71/2025/9.csv", 404),
        ("/exports/freezes/61.71/2025/x.csv", 422),
    ],
)
async def test_invalid_parameters_of_a_file_are_a_problem(service: ScoringService, path: str, status: int) -> None:
    answer = await service.request("GET", path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


async def test_every_file_is_documented_with_its_media_type(service: ScoringService) -> None:
    paths = (await service.get("/openapi.json"))["paths"]

    media_types = {
        path: set(said["get"]["responses"]["200"]["content"]) for path, said in paths.items() if "exports" in path
    }
    tables = {XLSX, "text/csv", "application/json"}
    one = "/exports/freezes/{region}/{series}/{number}"
    assert media_types == {
        "/exports/scorecards.{format}": tables,
        "/exports/rankings.{format}": tables,
        "/exports/indices.{format}": tables,
        f"{one}.{{format}}": tables,
        "/exports/scorecards/{innovation}.{format}": {XLSX, "application/pdf"},
        f"{one}/certificates/{{innovation}}.pdf": {"application/pdf"},
    }


# --- Reading back ---


def test_a_sheet_made_by_hand_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nama inovasi", "Dari tangan"])
    sheet.append([*columns.REQUIRED])
    sheet.append([16, 3, None, None, None, 1])
    sheet.append(["33", None, "12,5", "%", "c", 2])
    sheet.append([17, 0, None, None, None, 0])
    sheet.append(["Jumlah", "ini bukan angka"])
    file = tmp_path / "tangan.xlsx"
    book.save(file)

    read = read_scorecard_workbook(file)

    assert read["name"] == "Dari tangan"
    assert read["levels"]["16"] == 3
    assert {key: str(value) for key, value in read["levels"]["33"].items()} == {
        "value": "12.5",
        "unit": "%",
        "basis": "c",
    }
    assert read["evidence"] == ["16", "33"]
