"""The alert policy of a region over HTTP: its defaults, its history, and what it must keep to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.notifications_api import Api, notifications_api

PLACE = "/alert-policies/61.12"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


async def put(api: Api, tag: str, **body: Any) -> httpx2.Response:  # noqa: ANN401 - fields by name
    return await api.request("curator", "PUT", PLACE, json=body, headers={"If-Match": tag})


async def test_a_region_begins_with_the_defaults(api: Api) -> None:
    answer = await api.request("agency", "GET", PLACE)
    body = answer.json()
    assert answer.headers["etag"] == '"0"'
    assert (body["in_force"]["revision"], body["revisions"]) == (0, [])
    assert body["in_force"]["before"] == [60, 30, 14, 7, 1]
    assert (body["in_force"]["quiet_from"], body["in_force"]["quiet_until"]) == ("19:00", "07:00")


async def test_a_revision_is_added_with_its_author_and_in_force_from_its_day(api: Api) -> None:
    first = await put(api, '"0"', before=[30, 7], decree="SE 1/2027")
    assert first.status_code == 200
    later = await put(api, first.headers["etag"], before=[10], from_day="2027-06-01")
    body = later.json()
    assert [each["before"] for each in body["revisions"]] == [[30, 7], [10]]
    assert body["in_force"]["before"] == [30, 7]
    assert (body["in_force"]["by"], body["in_force"]["decree"]) == ("account-c", "SE 1/2027")
    assert (await api.request("curator", "GET", PLACE)).json() == body


async def test_a_change_needs_the_version_that_was_read(api: Api) -> None:
    without = await api.request("curator", "PUT", PLACE, json={"before": [10]})
    assert without.status_code == 428
    made = await put(api, '"0"', before=[10])
    assert (await put(api, '"0"', before=[20])).status_code == 412
    assert (await put(api, made.headers["etag"], before=[20])).status_code == 200


async def test_the_same_again_is_no_revision(api: Api) -> None:
    made = await put(api, '"0"', before=[10])
    again = await put(api, made.headers["etag"], before=[10])
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])
    assert len(again.json()["revisions"]) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"before": []}, {"before"}),
        ({"before": [7, 30]}, {"before"}),
        ({"before": [400]}, {"before"}),
        ({"after": [8, 15]}, {"after"}),
        ({"after": []}, {"after"}),
        ({"roles": ["head"]}, {"roles"}),
        ({"roles": ["officer", "officer"]}, {"roles"}),
        ({"report_roles": []}, {"report_roles"}),
        ({"quiet_from": "08:00", "quiet_until": "07:30"}, {"quiet_until"}),
        ({"quiet_days": [1, 2, 3, 4, 5, 6]}, {"quiet_days"}),
        ({"quiet_days": [6, 7], "report_weekday": 6}, {"report_weekday"}),
        ({"person_cap": 0, "region_cap": 0}, {"person_cap", "region_cap"}),
        ({"from_day": "2026-12-31"}, {"from_day"}),
    ],
)
async def test_nothing_can_be_muted_and_each_flaw_is_named(api: Api, body: dict[str, Any], fields: set[str]) -> None:
    answer = await put(api, '"0"', **body)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["flaws"]} == fields
    assert (await api.request("curator", "GET", PLACE)).json()["revisions"] == []


async def test_only_the_regions_own_curator_changes_it(api: Api) -> None:
    for who, status in (("agency", 403), ("executive", 403), ("operator", 403), ("stranger", 403)):
        answer = await api.request(who, "PUT", PLACE, json={"before": [10]}, headers={"If-Match": '"0"'})
        assert answer.status_code == status
    assert (await api.request("stranger", "GET", PLACE)).status_code == 403
    assert (await api.request("operator", "GET", "/alert-policies/11.01")).status_code == 404
