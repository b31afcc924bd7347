"""Confirmation links over HTTP, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation_key import ConfirmationKey
from services.notifications.contacts.repositories import contact_repository
from tests.support.notifications_api import BUDI, Api, notifications_api

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
BOTH: dict[str, Any] = {"phone": "0812-3456-7890", "consent_whatsapp": "2026-12"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


async def link(api: Api, made: httpx2.Response, channel: ChannelName = ChannelName.EMAIL) -> str:
    """As a text has it, below this service's mount."""
    contact = await contact_repository(api.service.store).get(made.json()["id"])
    path = await api.service.parts.confirmation_key.path(contact.id, contact.value, channel)
    return path.removeprefix("/notifications/v1")


async def seen(api: Api, made: httpx2.Response) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.request("curator", "GET", f"/contacts/{made.json()['id']}")).json()
    return answer


async def test_opening_the_link_shows_a_page_and_changes_nothing(api: Api) -> None:
    made = await api.create_contact()

    page = await api.http.get(await link(api, made), headers=BROWSER)

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="id">' in page.text
    assert '<form method="post"><button type="submit">' in page.text
    assert not any(text in page.text for text in (BUDI["name"], BUDI["email"]))
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert not (await seen(api, made))["email_confirmed"]


async def test_the_button_confirms_that_address_only_and_may_be_pressed_again(api: Api) -> None:
    made = await api.create_contact(**BOTH)
    place = await link(api, made, ChannelName.WHATSAPP)

    pages = [await api.http.post(place, headers=BROWSER, data={}) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text == pages[1].text
    assert "Terima kasih" in pages[0].text
    contact = await seen(api, made)
    assert (contact["email_confirmed"], contact["phone_confirmed"]) == (False, True)
    assert "<form" not in (await api.http.get(place, headers=BROWSER)).text


async def test_the_link_names_no_personal_data(api: Api) -> None:
    place = await link(api, await api.create_contact(**BOTH))

    assert not any(text in place.lower() for text in ("budi", "santoso", "dinkes.example", "81234567890"))
    assert len(place) < 150


@pytest.mark.parametrize(
    "change",
    [{"email": "baru@dinkes.example"}, {"another_person": True}, {"email": None}],
    ids=["replaced", "another person", "removed"],
)
async def test_a_link_to_a_former_address_or_person_is_unknown(api: Api, change: dict[str, Any]) -> None:
    made = await api.create_contact()
    place = await link(api, made)
    await api.correct(made, **change)

    answers = [await api.http.get(place, headers=BROWSER), await api.http.post(place, headers=BROWSER)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not (await seen(api, made))["email_confirmed"]


async def test_a_renamed_contact_keeps_its_link(api: Api) -> None:
    made = await api.create_contact()
    place = await link(api, made)
    await api.correct(made, name="Budi S.")

    assert (await api.http.post(place)).status_code == 200


async def test_an_erased_contact_has_no_link(api: Api) -> None:
    made = await api.create_contact()
    place, tag = await link(api, made), {"If-Match": made.headers["etag"]}
    await api.request("curator", "DELETE", f"/contacts/{made.json()['id']}", headers=tag)

    assert (await api.http.post(place)).status_code == 404


async def test_what_is_no_link_of_ours_is_answered_alike_whatever_is_wrong(api: Api) -> None:
    made = await api.create_contact()
    place = await link(api, made)
    person = made.json()["id"]
    wrong = [
        place[:-1] + ("A" if place[-1] != "A" else "B"),
        place.replace(".e.", ".w."),
        place.replace(".e.", ".x."),
        place.replace(person, "00000000-0000-0000-0000-000000000000"),
        f"/confirm/{person}",
        "/confirm/x",
        "/confirm/%F0%9F%98%80.e.%C3%A9",
        f"/confirm/{person}.e.%C3%A9",
        "/confirm/" + "." * 150,
    ]

    pages = {(await api.http.get(each, headers=BROWSER)).text for each in wrong}
    problems = {(await api.http.post(each)).json()["detail"] for each in wrong}

    assert len(pages) == len(problems) == 1
    assert "tidak berlaku" in pages.pop()
    assert not (await seen(api, made))["email_confirmed"]


async def test_the_key_outlives_the_process(api: Api) -> None:
    first, second = ConfirmationKey(api.service.store), ConfirmationKey(api.service.store)

    assert await first.load() == await second.load()
    assert len(await first.load()) == 32
