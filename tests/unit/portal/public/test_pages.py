"""The public pages while the services that they ask are away, and with an empty and a filled read model."""

from __future__ import annotations

import json
import random
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest

from services.portal.executive.composition import executive_pages
from services.portal.owners.client import NoTokens, Owners
from services.portal.pages.render import Pages
from services.portal.public.composition import public_pages
from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus
from shared.web.routes import Routes
from tests.support.portal.asked import asking
from tests.support.portal_model.events import DAY, REGION, YEAR, agency, card, duty, index, innovation, region
from tests.support.portal_model.told import Told, told_model

NOWHERE = "http://127.0.0.1:9"  # nothing listens there
PATHS = ("/", "/inovasi", "/peringkat", "/peringkat/beku", "/peringkat/lomba", "/kinerja", "/data", "/ide")
VERIFIED = InnovationStatus.VERIFIED


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    async with told_model(tmp_path) as told:
        yield told


@pytest.fixture
async def owners() -> AsyncIterator[Owners]:
    made = Owners(NoTokens(), dict.fromkeys(("registry", "scoring", "notifications"), NOWHERE))
    yield made
    await made.close()


@pytest.fixture
async def visitor(told: Told, owners: Owners) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(*groups(told, owners)) as client:
        yield client


@pytest.fixture
async def executive(told: Told, owners: Owners) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(*groups(told, owners), role=Role.EXECUTIVE) as client:
        yield client


def groups(told: Told, owners: Owners) -> list[Callable[[Pages], Routes]]:
    clock = Clock(DAY)

    def nth(number: int) -> Callable[[Pages], Routes]:
        return lambda pages: made(pages)[number]

    def made(pages: Pages) -> tuple[Routes, ...]:
        return (
            *public_pages(pages, told.model, owners, clock),
            *executive_pages(pages, told.model, owners, clock),
        )

    return [nth(number) for number in range(10)]


async def filled(told: Told) -> None:
    await told.tell(
        region(1),
        agency("dinkes", "Dinas Kesehatan & <Keluarga>", 1),
        agency("batu", "Kecamatan Batu Ampar", 1, kind=AgencyKind.KECAMATAN),
        duty("dinkes", ObligationStatus.FULFILLED, 1),
        duty("batu", ObligationStatus.OVERDUE, 1),
        innovation("a", VERIFIED, 1, name="=SUM(A1) <b>Gestur</b>"),
        innovation("b", InnovationStatus.SUBMITTED, 1, agency="batu", name="Rahasia"),
        card("a", 40, 30.5, 1, status=VERIFIED),
        index(41.5, 1),
    )
    await told.counted()


async def test_every_page_stands_while_nothing_is_known_and_nobody_answers(visitor: httpx2.AsyncClient) -> None:
    answers = {path: await visitor.get(path) for path in PATHS}

    assert {path: each.status_code for path, each in answers.items()} == dict.fromkeys(PATHS, 200)
    assert "sedang tidak dapat ditampilkan" in answers["/kinerja"].text
    assert "Belum ada inovasi yang terverifikasi" in answers["/inovasi"].text


async def test_the_figures_of_an_innovation_stand_while_the_registry_is_away(
    told: Told, visitor: httpx2.AsyncClient
) -> None:
    await filled(told)
    answer = await visitor.get("/inovasi/a")

    assert answer.status_code == 200
    assert "Uraian inovasi ini sedang tidak dapat ditampilkan" in answer.text
    assert "30,5" in answer.text


async def test_names_are_text_and_never_markup_nor_a_formula(told: Told, visitor: httpx2.AsyncClient) -> None:
    await filled(told)
    pages = [(await visitor.get(path)).text for path in ("/", "/inovasi", "/inovasi/a", f"/peringkat?tahun={YEAR}")]
    table = (await visitor.get("/data/inovasi.csv")).text

    assert all("&lt;b&gt;Gestur" in page for page in pages)
    assert not any("<b>Gestur" in page or "<Keluarga>" in page for page in pages)
    assert ",'=SUM(A1)" in table


async def test_what_is_not_verified_is_nowhere(told: Told, visitor: httpx2.AsyncClient) -> None:
    await filled(told)
    paths = (
        *PATHS,
        "/inovasi?q=rahasia",
        "/inovasi/b",
        "/data/inovasi.csv",
        "/data/inovasi.json",
        "/data/peringkat.csv",
    )

    assert not [path for path in paths if "Rahasia" in (await visitor.get(path)).text]
    assert (await visitor.get("/inovasi/b")).status_code == 404


async def test_the_open_data_name_their_licence_and_have_the_rows(told: Told, visitor: httpx2.AsyncClient) -> None:
    await filled(told)
    innovations = await visitor.get(f"/data/inovasi.json?daerah={REGION}&tahun={YEAR}")
    indices = json.loads((await visitor.get("/data/indeks.json")).text)
    other = json.loads((await visitor.get("/data/inovasi.json?daerah=11")).text)

    rows = json.loads(innovations.text)["data"]
    assert 'rel="license"' in innovations.headers["link"]
    assert [(row["id"], row["kematangan"], row["daerah"]) for row in rows] == [("a", 30.5, "Kabupaten Kubu Raya")]
    assert [row["indeks"] for row in indices["data"]] == [41.5]
    assert other["data"] == []


async def test_a_refused_idea_and_one_that_is_not_answered_keep_what_was_written(
    told: Told, visitor: httpx2.AsyncClient
) -> None:
    await filled(told)
    form = {"judul": "Antrean <lewat> ponsel", "gagasan": "", "daerah": REGION, "kunci": "x"}
    empty = await visitor.post("/ide", data=form)
    away = await visitor.post("/ide", data={**form, "gagasan": "Nomor dari rumah."})

    assert empty.status_code == 422
    assert "Tulis gagasan Anda." in empty.text
    assert away.status_code == 503
    assert "belum terkirim" in away.text
    for each in (empty, away):
        assert "Antrean &lt;lewat&gt; ponsel" in each.text


async def test_a_form_from_another_page_is_refused(visitor: httpx2.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = await visitor.post("/ide", data={"judul": "a", "gagasan": "b"}, headers=headers)

    assert answer.status_code == 403


async def test_the_executive_sees_the_year_while_nobody_answers(told: Told, executive: httpx2.AsyncClient) -> None:
    await filled(told)
    page = (await executive.get("/pimpinan")).text
    late = (await executive.get("/pimpinan/terlambat")).text
    paper = await executive.get("/pimpinan/ringkasan.pdf")

    assert "41,50" in page
    assert "50 % perangkat daerah yang wajib" in page
    assert "Kelompok indikator sedang tidak dapat ditampilkan" in page
    assert re.search(r"Kecamatan Batu Ampar</th><td>1 menunggu verifikasi", late)
    assert paper.content.startswith(b"%PDF")
    assert (await executive.get("/pimpinan/rekap.pdf")).status_code == 503


async def test_a_region_that_is_not_here_yet_is_said_to_be(executive: httpx2.AsyncClient) -> None:
    answer = await executive.get("/pimpinan")

    assert answer.status_code == 404
    assert "sedang dibangun" in answer.text


async def test_no_address_and_no_form_breaks_a_page(
    told: Told, visitor: httpx2.AsyncClient, executive: httpx2.AsyncClient
) -> None:
    await filled(told)
    draw = random.Random(7)
    names = ("q", "daerah", "tahun", "urusan", "bentuk", "jenis", "tahap", "urut", "sesudah", "perangkat", "lain")
    values = ("", "x", "61.12", "2026", "-1", "9" * 40, "\x00", "<script>", "😀", "%", "' or 1=1", "a" * 900, "null")
    paths = (*PATHS, "/inovasi/x", "/ide/x", "/data/inovasi.csv", "/data/peringkat.json", "/data/indeks.csv")
    broken = []
    for _ in range(60):
        query = {name: draw.choice(values) for name in draw.sample(names, 4)}
        client, path = draw.choice(
            [(visitor, draw.choice(paths)), (executive, draw.choice(["/pimpinan", "/pimpinan/terlambat"]))]
        )
        answer = await client.get(path, params=query)
        if answer.status_code not in {200, 404, 422, 503}:
            broken.append((path, query, answer.status_code))
        if "<script>" in answer.text.replace("<script nonce", ""):
            broken.append((path, query, "script"))
        form = {name: draw.choice(values) for name in ("judul", "gagasan", "daerah", "kunci")}
        if (await visitor.post("/ide", data=form)).status_code not in {422, 503}:
            broken.append(("/ide", form, "accepted"))
    assert broken == []
