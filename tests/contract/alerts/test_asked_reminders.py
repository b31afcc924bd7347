"""A curator's request to remind agencies now, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.notifications.kinds import REMINDER_REQUEST
from services.notifications.reminders.mode import Mode
from tests.support.notifications_api import DINKES, DINSOS, Api, notifications_api
from tests.support.notifications_service import REGION, agency, agency_id, set_mode
from tests.support.store_engines import Engine, store_at
from tests.unit.notifications.reminders.telling import sweep_again

DAY = datetime(2026, 9, 8, 3, tzinfo=UTC)  # a Tuesday, 10.00 in Pontianak, on which no stage is due


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path, at=DAY) as api:
        await api.service.set_contact("Budi Santoso")
        await api.service.parts.sweep.run()
        yield api


async def ask(api: Api, *agencies: str, by: str = "curator", key: str = "k", **more: Any) -> httpx2.Response:  # noqa: ANN401 - fields by name
    body = {"region": REGION, "year": 2026, "agencies": list(agencies)} | more
    return await api.request(by, "POST", "/reminders", json=body, headers={"Idempotency-Key": key})


async def stored(api: Api) -> list[str]:
    return [row.id async for row in api.service.store.scan(REMINDER_REQUEST.name, {}, ())]


@pytest.fixture
async def on_either(tmp_path: Path, either: Engine) -> AsyncIterator[Api]:
    """As `api`, on SQLite and on MongoDB."""
    async with notifications_api(tmp_path, at=DAY, own_store=store_at(either.name, either.where)) as api:
        await api.service.set_contact("Budi Santoso")
        await sweep_again(api.service)
        yield api


async def test_a_request_is_stored_told_once_and_read_again_on_either_store(on_either: Api) -> None:
    api = on_either
    made = await ask(api, DINKES, DINSOS)
    repeated = await ask(api, DINKES, DINSOS)
    await sweep_again(api.service)
    await api.service.parts.sender.run()
    read = await api.request("curator", "GET", made.headers["Location"])
    later = await ask(api, DINKES, key="k2")
    await api.service.parts.sweep.run()

    assert made.status_code == repeated.status_code == 201
    assert made.json() == repeated.json() == read.json()
    assert [(each["agency"], each["outcome"], each["email"]) for each in made.json()["agencies"]] == [
        (DINKES, "tell", 1),
        (DINSOS, "no-contact", 0),
    ]
    assert (made.json()["day"], made.json()["by"], made.json()["deferred_by"]) == ("2026-09-08", "account-c", None)
    assert later.json()["agencies"][0]["outcome"] == "told-today"
    found = (await api.request("curator", "GET", "/messages", params={"what": "on-request"})).json()["items"]
    assert [each["reasons"] for each in found] == [["Pengingat dari kantor kurator"]]
    assert await api.service.parts.reminders.asking.requests.waiting() == []


async def test_a_preview_masks_who_would_be_told_and_stores_nothing(api: Api) -> None:
    body = {"region": REGION, "year": 2026, "agencies": [DINKES, DINSOS, "x"]}
    found = (await api.request("curator", "POST", "/reminders/preview", json=body)).json()

    assert [(each["agency_name"], each["outcome"]) for each in found["agencies"]] == [
        ("Dinas Kesehatan", "tell"),
        ("Dinas Sosial", "no-contact"),
        ("", "unknown"),
    ]
    (who,) = found["agencies"][0]["recipients"]
    assert (who["name"], who["address"], who["channel"], who["deferred_by"]) == (
        "B••• S•••",
        "b•••@dinkes.example",
        "email",
        None,
    )
    assert await stored(api) == []


async def test_the_answer_says_that_nothing_goes_out_in_mode_log(api: Api) -> None:
    await set_mode(api.service.store, Mode.LOG)
    silent = (await ask(api, DINKES)).json()
    await set_mode(api.service.store, Mode.LIVE, stopped=True)
    stopped = (await api.request("curator", "GET", f"/reminders/{silent['id']}")).json()

    assert [(each["deferred_by"], each["not_before"]) for each in (silent, stopped)] == [
        ("log", None),
        ("stopped", None),
    ]


async def test_the_due_list_has_it_like_any_other(api: Api) -> None:
    await ask(api, DINKES)
    due = (await api.request("curator", "GET", "/due", params={"region": REGION})).json()["items"]

    assert [
        (alert["alert"]["reason"]["what"], alert["alert"]["reason"]["day"], alert["first"])
        for each in due
        for alert in each["alerts"]
    ] == [("on-request", "2026-09-08", "2026-09-08")]


async def test_bad_input_names_its_field_and_stores_nothing(api: Api) -> None:
    await api.service.receive(agency("Dinas Asing", region="61.71"))
    cases: dict[str, httpx2.Response] = {
        "agencies": await ask(api),
        "agencies.0": await ask(api, "a b"),
        "agencies.1": await ask(api, DINKES, DINKES),
        "agencies.2": await ask(api, DINKES, DINSOS, agency_id("Dinas Asing")),
        "year": await ask(api, DINKES, year=26),
        "region": await ask(api, DINKES, region="Kubu Raya"),
        "note": await ask(api, DINKES, note="segera"),
    }
    many = await ask(api, *(f"a{number}" for number in range(201)))
    body = {"region": REGION, "year": 2026, "agencies": [DINKES]}
    without_key = await api.request("curator", "POST", "/reminders", json=body)

    for field, answer in (*cases.items(), ("agencies", many)):
        assert answer.status_code == 422, field
        assert any(each["field"].endswith(field) for each in answer.json()["flaws"]), (field, answer.json())
    assert without_key.status_code == 422
    assert await stored(api) == []


async def test_only_the_curator_of_the_region_may_ask_and_read(api: Api) -> None:
    refused = [(await ask(api, DINKES, by=who)).status_code for who in ("agency", "executive", "operator", "stranger")]
    made = (await ask(api, DINKES)).json()["id"]
    reads = [
        (await api.request(who, "GET", f"/reminders/{made}")).status_code
        for who in ("agency", "executive", "stranger", "operator", "curator")
    ]

    assert (refused, reads) == ([403] * 4, [403, 403, 404, 200, 200])
    assert (await api.request("curator", "GET", "/reminders/none")).status_code == 404


async def test_who_asked_for_whom_is_owed_to_the_audit_log_in_the_same_write(api: Api) -> None:
    await ask(api, DINKES)
    owed = [each async for each in api.service.store.dump(REMINDER_REQUEST.name)]

    assert [each["type"] for each in owed[0]["outbox"]] == ["audit"]
    assert DINKES in str(owed[0]["outbox"][0]["body"])
