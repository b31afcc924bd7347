"""Reminders by hand, on pages: who is told and who not, why nothing goes out now, and what an owner refuses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import pytest

from services.portal.curator.work.board.reminding.routes import ReminderPages
from services.portal.curator.work.board.reminding.words import OUTCOME
from services.portal.curator.work.desk import Desk
from services.portal.model.model import Model
from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.owners.client import Owners
from shared.auth.policy import Role
from tests.support.portal.asked import asking
from tests.unit.portal.curator.work.region import CODE, RegionModel, StandingClock

HOME = "/kurator/kepatuhan/pengingat"
BUDI = {"person": "p1", "name": "B••• S•••", "address": "b•••@dinas.example", "channel": "email"}


def agency(id: str, outcome: str = "tell", *, at: str | None = None, by: str | None = None) -> dict[str, Any]:
    people = [{**BUDI, "deferred_by": by, "not_before": at}] if outcome == "tell" else []
    counts = {"email": len(people), "whatsapp": 0, "recipients": people}
    return {"agency": id, "agency_name": f"Dinas {id}", "outcome": outcome, **counts}


def answered(*agencies: dict[str, Any], by: str | None = None, at: str | None = None) -> dict[str, Any]:
    found = {"region": CODE, "year": 2026, "agencies": list(agencies), "deferred_by": by, "not_before": at}
    return {**found, "id": "r1", "day": "2026-11-30", "at": "2026-11-30T03:00:00Z"}


class Owner:
    """Notifications as it answers; keeps what it was sent. wrong: raised by the command."""

    def __init__(self, answer: Mapping[str, Any], wrong: Exception | None = None) -> None:
        self.answer = answer
        self.wrong = wrong
        self.sent: list[tuple[str, Any, str]] = []

    def notifications(self, _: object) -> Owner:
        return self

    async def post(self, path: str, body: Any, *, key: str = "") -> Answer:  # noqa: ANN401 - JSON
        if path == "/reminders" and self.wrong:
            raise self.wrong
        self.sent.append((path, body, key))
        return Answer(201, dict(self.answer))

    async def get(self, path: str, **_: object) -> Answer:
        if path == "/preview":
            return Answer(200, {"subject": "Pengingat", "text": "Tersisa 3 hari.", "invented": False})
        return Answer(200, dict(self.answer))


@asynccontextmanager
async def curator(owner: Owner, model: RegionModel | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    known = cast("Model", model or RegionModel(lines=3))
    async with asking(
        lambda pages: ReminderPages(Desk(pages, known, cast("Owners", owner), StandingClock())), role=Role.CURATOR
    ) as client:
        yield client


async def sent(client: httpx2.AsyncClient, *agencies: str) -> httpx2.Response:
    """The form of the page that shows the agencies, sent as it is."""
    page = (await client.get(f"{HOME}/periksa", params={"tahun": "2026", "opd": list(agencies)})).text
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert {name for name, _ in fields} >= {"csrf", "key", "tahun", "opd"}
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return await client.post(HOME, data=data)


async def test_who_owes_can_be_chosen() -> None:
    async with curator(Owner({})) as client:
        page = (await client.get(HOME)).text
        none = await client.get(f"{HOME}/periksa", params={"tahun": "2026"})

    assert re.findall(r'name="opd" value="(\w+)"', page) == ["a0", "a1", "a2"]
    assert "Belum, 3 hari lagi" in page
    assert (none.status_code, "Pilih paling sedikit satu perangkat daerah." in none.text) == (422, True)


async def test_before_it_is_sent_the_page_says_who_is_told_what_and_who_not_and_why() -> None:
    owner = Owner(answered(agency("a0"), *(agency(outcome, outcome) for outcome in OUTCOME if outcome != "tell")))
    async with curator(owner) as client:
        page = (await client.get(f"{HOME}/periksa", params={"tahun": "2026", "opd": ["a0", "a1"]})).text

    assert owner.sent == [("/reminders/preview", {"region": CODE, "year": 2026, "agencies": ["a0", "a1"]}, "")]
    assert "B••• S•••" in page
    assert "b•••@dinas.example" in page
    assert "Tersisa 3 hari." in page
    assert "Kirim pengingat ke 1 perangkat daerah" in page
    for outcome in OUTCOME.keys() - {"tell"}:
        assert str(OUTCOME[outcome]) in page, outcome


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("log", "pengiriman masih dalam mode uji"),
        ("stopped", "pengelola sistem menghentikan semua pengiriman"),
        ("allow-list", "daftar alamat uji masih kosong"),
    ],
)
async def test_while_nothing_goes_out_the_page_and_its_button_say_so(why: str, sentence: str) -> None:
    async with curator(Owner(answered(agency("a0", by=why), by=why))) as client:
        before = (await client.get(f"{HOME}/periksa", params={"opd": "a0"})).text
        after = (await client.get(f"{HOME}/r1")).text

    assert sentence in before
    assert sentence in after
    assert "Catat permintaan, tanpa pengiriman sekarang" in before
    assert "Kirim pengingat ke" not in before


async def test_in_quiet_hours_the_page_says_when_it_goes_out() -> None:
    at = "2026-12-01T00:00:00Z"
    async with curator(Owner(answered(agency("a0", by="quiet", at=at), by="quiet", at=at))) as client:
        page = (await client.get(f"{HOME}/periksa", params={"opd": "a0"})).text

    assert "Paling cepat 1 Desember 2026" in page
    assert "Kirim pengingat ke 1 perangkat daerah" in page


async def test_the_form_sent_twice_has_one_key_and_leads_to_the_result() -> None:
    owner = Owner(answered(agency("a0"), agency("a1", "fulfilled")))
    async with curator(owner) as client:
        answer = await sent(client, "a0", "a1")
        result = (await client.get(answer.headers["location"])).text

    path, body, key = owner.sent[-1]
    assert (path, body) == ("/reminders", {"region": CODE, "year": 2026, "agencies": ["a0", "a1"]})
    assert len(key) >= 32
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/r1")
    assert "/kurator/kantor/peringatan/pesan?opd=a0&amp;perihal=on-request" in result
    assert "Kewajibannya sudah terpenuhi" in result


@pytest.mark.parametrize("wrong", ["problem", "away"])
async def test_what_was_not_taken_is_said_above_the_choice_which_stays(wrong: str) -> None:
    flaw = {"field": "agencies.0", "code": "other-region", "message": "perangkat daerah ini bukan bagian daerah ini"}
    problem = OwnerProblem(422, {"type": "/problems/invalid", "title": "x", "detail": "y", "flaws": [flaw]})
    owner = Owner(answered(agency("a0")), problem if wrong == "problem" else OwnerAway("notifications", "away"))
    async with curator(owner) as client:
        answer = await sent(client, "a0")

    said = flaw["message"] if wrong == "problem" else "Coba lagi; tidak akan terkirim dua kali."
    assert (answer.status_code, said in answer.text) == (422 if wrong == "problem" else 503, True)
    assert 'name="opd" value="a0"' in answer.text
