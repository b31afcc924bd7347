"""The mode, the stop switch and the due list over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.notifications.reminders.mode import Mode
from tests.support.notifications_api import Api, notifications_api
from tests.support.notifications_service import REGION, agency_id, person_id

DAY = datetime(2026, 12, 5, 3, tzinfo=UTC)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        api.service.clock.move_to(DAY)
        await api.service.parts.sweep.run()
        await api.service.set_contact()
        await api.service.parts.reminders.alerting.set_mode(Mode.LOG, (), "operator")
        yield api


async def test_the_due_list_says_who_is_told_what_why_how_and_when(api: Api) -> None:
    body = (await api.request("curator", "GET", "/due", params={"region": REGION})).json()

    assert (body["persons"], body["alerts"], body["agencies"]) == (1, 1, 1)
    (item,) = body["items"]
    assert (item["person"], item["name"], item["address"]) == (person_id("Budi"), "B•••", "b•••@dinkes.example")
    assert (item["channel"], item["deferred_by"], item["not_before"]) == ("email", "log", None)
    (due,) = item["alerts"]
    assert (due["alert"]["reason"]["what"], due["first"], due["last"]) == ("before-30", "2026-12-01", "2026-12-16")
    assert [each["agency"] for each in body["untold"]] == [agency_id("Dinas Sosial")]


async def test_another_day_is_a_dry_run_as_if_live(api: Api) -> None:
    params = {"region": REGION, "as_of": "2027-01-09", "live": True}
    body = (await api.request("curator", "GET", "/due", params=params)).json()

    (item,) = body["items"]
    assert item["alerts"][0]["alert"]["reason"]["what"] == "overdue-8"
    assert (item["deferred_by"], item["not_before"]) == ("quiet", "2027-01-09T00:00:00Z")
    assert await api.service.messages() == []


async def test_the_due_list_is_for_the_regions_curator(api: Api) -> None:
    for who, status in (("agency", 403), ("executive", 403), ("stranger", 403), ("operator", 200)):
        assert (await api.request(who, "GET", "/due", params={"region": REGION})).status_code == status
    assert (await api.request("operator", "GET", "/due")).status_code == 422


async def test_the_mode_is_read_and_set_by_the_operator(api: Api) -> None:
    assert (await api.request("curator", "GET", "/mode")).json()["mode"] == "log"
    assert (await api.request("curator", "PUT", "/mode", json={"mode": "log"})).status_code == 403
    listed = await api.request("operator", "PUT", "/mode", json={"mode": "allow-list", "allowed": [person_id("Budi")]})
    assert (listed.json()["mode"], listed.json()["allowed"], listed.json()["by"]) == (
        "allow-list",
        [person_id("Budi")],
        "account-o",
    )
    assert (await api.request("operator", "PUT", "/mode", json={"mode": "allow-list"})).status_code == 422


async def test_the_effect_of_going_live_is_counted(api: Api) -> None:
    body = (await api.request("operator", "GET", "/mode/effect")).json()
    assert body == {"persons": 1, "messages": 1, "waiting": 0}


async def test_going_live_without_a_channel_is_a_conflict(api: Api) -> None:
    answer = await api.request("operator", "PUT", "/mode", json={"mode": "live"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/conflict"
    assert (await api.request("operator", "GET", "/mode")).json()["mode"] == "log"


async def test_the_stop_switch_stops_and_starts(api: Api) -> None:
    stopped = await api.request("operator", "PUT", "/stop", json={"stopped": True})
    assert stopped.json()["stopped"] is True
    assert (await api.request("curator", "PUT", "/stop", json={"stopped": False})).status_code == 403
    assert (await api.request("operator", "PUT", "/stop", json={"stopped": False})).json()["stopped"] is False
