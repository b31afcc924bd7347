"""The pages of an innovation's origin, actors, sustainability and rights: both roles, lists, and two who edit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import httpx2
import pytest

from services.portal.choice.chooser import AgencyChooser
from services.portal.continuation.pages import GroupPages
from services.portal.model.model import Model
from shared.auth.policy import Role
from tests.support.portal.asked import asking
from tests.support.portal.typed import Typist
from tests.unit.portal.continuation.registry import ID, Registry, away, owners_of, refused
from tests.unit.portal.curator.work.region import AGENCY as DINAS
from tests.unit.portal.curator.work.region import RegionModel

AT = {Role.AGENCY: f"/opd/inovasi/{ID}/kelanjutan", Role.CURATOR: f"/kurator/inovasi/{ID}/kelanjutan"}
ACTOR = {"kind": "media", "name": "Radio Contoh"}
FIELDS = {"actors.0.kind": "media", "actors.0.name": "Radio Contoh", "actors.0.part": ""}


class Group(Typist):
    """At one group's page."""

    def __init__(self, http: httpx2.AsyncClient, role: Role, group: str) -> None:
        super().__init__(http, role)
        self.path = f"{AT[role]}/{group}"

    async def opened(self) -> str:
        """The page."""
        return await self.open(self.path)

    async def sent(self, **fields: str) -> httpx2.Response:
        """Its form."""
        return await self.send(self.path, **fields)


@asynccontextmanager
async def at(registry: Registry, group: str, role: Role = Role.AGENCY) -> AsyncIterator[Group]:
    agencies = AgencyChooser(cast("Model", RegionModel()))
    async with asking(lambda pages: GroupPages(pages, owners_of(registry), agencies), role=role) as http:
        yield Group(http, role, group)


@pytest.mark.parametrize("role", list(AT))
async def test_what_is_stored_is_filled_in_and_what_is_entered_is_stored(role: Role) -> None:
    registry = Registry(actors=[{"kind": "akademisi", "name": "Universitas Contoh", "part": "Kajian"}])
    async with at(registry, "pelaku", role) as client:
        page = await client.opened()
        answer = await client.sent(**FIELDS)

    assert ('value="Universitas Contoh"' in page, '<option value="akademisi" selected>' in page) == (True, True)
    assert registry.known["actors"] == [ACTOR]
    back = {Role.AGENCY: f"/opd/inovasi/{ID}/tindak-lanjut", Role.CURATOR: f"/kurator/inovasi/{ID}/tahapan"}
    assert (answer.status_code, answer.headers["location"]) == (303, back[role])


async def test_lines_are_added_and_removed_without_a_script_and_nothing_is_stored_by_that() -> None:
    registry = Registry()
    async with at(registry, "pelaku") as client:
        assert 'name="actors.0.name"' in await client.opened()
        added = (await client.sent(**FIELDS, tambah="ya")).text
        second = {"actors.1.kind": "lsm", "actors.1.name": "Yayasan Contoh"}
        less = (await client.sent(**FIELDS, **second, hapus="0")).text
        assert registry.known["actors"] == []
        await client.sent(
            **{name.replace(".1.", ".7."): text for name, text in second.items()}, **{"actors.9.name": ""}
        )

    assert 'name="actors.1.name"' in added
    assert added.count("data-focus") == 1
    assert ('value="Yayasan Contoh"' in less, "Radio Contoh" in less, 'name="actors.1.' in less) == (True, False, False)
    assert registry.known["actors"] == [{"kind": "lsm", "name": "Yayasan Contoh"}]


async def test_a_change_by_somebody_else_is_shown_beside_and_not_overwritten() -> None:
    registry = Registry(actors=[])
    async with at(registry, "pelaku") as client:
        await client.opened()
        registry.change("actors", [{"kind": "lsm", "name": "Yayasan Contoh"}])
        answer = await client.sent(**FIELDS)
        stored = registry.known["actors"]
        again = await client.sent(**FIELDS)

    assert (answer.status_code, [each["name"] for each in stored]) == (412, ["Yayasan Contoh"])
    assert "Isian ini juga diubah orang lain" in answer.text
    assert ("Yayasan Contoh" in answer.text, 'value="Radio Contoh"' in answer.text) == (True, True)
    assert (again.status_code, registry.known["actors"]) == (303, [ACTOR])


async def test_a_change_between_reading_and_storing_is_not_overwritten_either() -> None:
    registry = Registry()
    async with at(registry, "pelaku") as client:
        await client.opened()
        registry.before = lambda: registry.change("actors", [{"kind": "lsm", "name": "Yayasan Contoh"}])
        answer = await client.sent(**FIELDS)

    assert (answer.status_code, registry.known["actors"][0]["name"]) == (412, "Yayasan Contoh")


async def test_a_change_of_another_part_of_the_innovation_does_not_matter() -> None:
    registry = Registry()
    async with at(registry, "pelaku") as client:
        await client.opened()
        registry.change("rights", [])
        registry.before = lambda: registry.change("origin", {"kind": "own"})
        answer = await client.sent(**FIELDS)

    assert (answer.status_code, registry.known["actors"], registry.known["origin"]) == (303, [ACTOR], {"kind": "own"})


async def test_what_the_registry_refuses_is_said_at_its_field() -> None:
    registry = Registry()
    registry.refusal = refused("actors.0.name", "memuat tanda yang tidak tampak")
    async with at(registry, "pelaku") as client:
        await client.opened()
        answer = await client.sent(**{**FIELDS, "actors.4.name": FIELDS["actors.0.name"], "actors.0.name": ""})
        at_line = await client.sent(**FIELDS)

    assert answer.status_code == 422
    assert answer.text.count("Isi nama lembaga.") == 2  # in the summary and at the field
    assert '<p class="field-error" id="actors.0.name-error">' in at_line.text
    assert "Memuat tanda yang tidak tampak." in at_line.text


async def test_what_was_typed_stays_while_the_registry_does_not_answer() -> None:
    registry = Registry()
    registry.refusal = away()
    async with at(registry, "pelaku") as client:
        await client.opened()
        answer = await client.sent(**FIELDS)

    assert (answer.status_code, 'value="Radio Contoh"' in answer.text) == (503, True)


async def test_a_withdrawn_innovation_is_not_changed() -> None:
    async with at(Registry(status="withdrawn"), "pelaku") as client:
        answers = [await client.http.get(client.path), await client.sent(**FIELDS)]

    assert [each.headers.get("location") for each in answers] == [f"/opd/inovasi/{ID}/tindak-lanjut"] * 2


async def test_nothing_of_another_region_is_shown() -> None:
    async with at(Registry(region="61.71"), "asal") as client:
        assert (await client.http.get(client.path)).status_code == 404


async def test_an_unknown_group_is_not_found() -> None:
    async with at(Registry(), "lainnya") as client:
        assert (await client.http.get(client.path)).status_code == 404


async def test_the_agency_that_fosters_an_idea_of_the_community_is_chosen() -> None:
    registry = Registry(agency="a9")
    async with at(registry, "asal") as client:
        await client.opened()
        unknown = await client.sent(kind="community", opd="a7")
        await client.sent(kind="community", opd=DINAS.id)

    assert (unknown.status_code, "tidak dikenal" in unknown.text) == (422, True)
    assert registry.known["origin"] == {"kind": "community", "fostering_agency": DINAS.id}
