"""Documents that people change keep the account that changed them, and never show it to the public or in events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.notifications.kinds import CONTACT, CONTACT_IMPORT
from services.registry.kinds import AGENCY
from services.registry.kinds import REGION as REGION_KIND
from services.scoring.kinds import COMPETITION, KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.ports.store import State, Store
from shared.web.app import service_app
from tests.contract.http.test_rankings import created
from tests.support import scoring_service
from tests.support.notifications_service import AFTER, agency, agency_id, notifications_service, region
from tests.support.registry_service import REGION, TERMS, RegistryService, running_registry

DINKES = agency_id("Dinas Kesehatan")
BUDI: dict[str, Any] = {"region": REGION, "agencies": [DINKES], "name": "Budi", "email": "budi@dinkes.example"}


async def state_of(store: Store, kind: str, id: str) -> State:
    found = await store.get(kind, id)
    assert found is not None
    return found.state


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        yield registry


async def test_regions_and_deadlines_keep_the_account_that_changed_them(registry: RegistryService) -> None:
    await registry.region()
    place, body = f"/regions/{REGION}", {"year": 2026, "date": "2026-12-31", "basis": "SE 1"}
    first = await state_of(registry.store, REGION_KIND.name, REGION)
    await registry.by("curator").change("POST", f"{place}/deadlines", body, of=place)
    later = body | {"date": "2027-01-31", "basis": "SE 2"}
    await registry.by("operator").change("POST", f"{place}/deadlines", later, of=place)
    moved = await state_of(registry.store, REGION_KIND.name, REGION)
    same = await registry.by("curator").change("PUT", place, TERMS, of=place)

    assert first["by"] == moved["by"] == "account-operator"
    assert [each["by"] for each in moved["deadlines"]] == ["account-curator", "account-operator"]
    assert same.status_code == 200
    assert (await state_of(registry.store, REGION_KIND.name, REGION))["by"] == "account-operator"  # nothing changed
    assert "account-" not in (await registry.by(None)("GET", place)).text
    assert all("account-" not in event.encode().decode() for event, _ in await registry.owed_events())


async def test_agencies_keep_the_account_that_changed_them(registry: RegistryService) -> None:
    await registry.region()
    place = f"/agencies/{await registry.agency()}"
    id = place.rpartition("/")[2]
    first = await state_of(registry.store, AGENCY.name, id)
    done = await registry.by("curator").change("PUT", place, {"name": "Dinkes", "kind": "dinas"}, of=place)

    assert done.status_code == 200
    assert first["by"] == "account-operator"
    assert (await state_of(registry.store, AGENCY.name, id))["by"] == "account-curator"
    assert "account-" not in (await registry.by(None)("GET", place)).text
    assert all("account-" not in event.encode().decode() for event, _ in await registry.owed_events())


class TwoCurators:
    """A gate whose token is the account's id."""

    async def enter(self, token: str) -> Principal:
        return Principal(token, Role.CURATOR, REGION)


async def test_contacts_keep_the_account_that_created_corrected_imported_or_erased_them(tmp_path: Path) -> None:
    async with notifications_service(tmp_path, at=AFTER) as service:
        await service.receive(region())
        await service.receive(agency())
        app = service_app("notifications", service.service.router, TwoCurators())
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://satu") as http:

            async def ask(who: str, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own
                headers = {"Authorization": f"Bearer {who}", **how.pop("headers", {})}
                answer = await http.request(method, path, headers=headers, **how)
                assert answer.is_success, answer.text
                return answer

            made = await ask("ani", "POST", "/contacts", json=BUDI, headers={"Idempotency-Key": "k"})
            place, seen = f"/contacts/{made.json()['id']}", {"If-Match": made.headers["etag"]}
            same = await ask("sri", "PUT", place, json=BUDI, headers=seen)
            corrected = await ask("sri", "PUT", place, json=BUDI | {"name": "Budi S"}, headers=seen)
            table, csv = f"nama,email,perangkat_daerah\nSari,sari@x.example,{DINKES}\n", {"Content-Type": "text/csv"}
            imported = await ask(
                "ani",
                "POST",
                f"/contacts/import?region={REGION}",
                content=table,
                headers=csv | {"Idempotency-Key": "t"},
            )
            await ask("ani", "DELETE", place, headers={"If-Match": corrected.headers["etag"]})

        assert (made.json()["by"], same.json()["by"], corrected.json()["by"]) == ("ani", "ani", "sri")
        assert same.headers["etag"] == made.headers["etag"]
        done = imported.json()
        assert (await state_of(service.store, CONTACT.name, made.json()["id"]))["by"] == "ani"
        assert (await state_of(service.store, CONTACT.name, done["people"][0]))["by"] == "ani"
        assert (await state_of(service.store, CONTACT_IMPORT.name, done["id"]))["by"] == "ani"


async def test_the_jury_s_marks_keep_the_account_that_gave_them(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    try:
        async with scoring_service.opened(store) as service:
            jury = {"maturity_weight": 60, "criteria": [{"slug": "kebaruan", "name": "Kebaruan", "weight": 40}]}
            id, tag = await created(service, jury=jury)
            marks = [{"innovation": each, "marks": {"kebaruan": 90}} for each in ("anakku", "peci")]
            path = f"/competitions/{id}/marks"
            first = await service.request("PUT", path, "curator", {"marks": marks}, If_Match=tag)
            given = await state_of(store, COMPETITION.name, id)
            marks[1]["marks"] = {"kebaruan": 10}
            second = await service.request(
                "PUT", path, "second curator", {"marks": marks}, If_Match=first.headers["ETag"]
            )

            assert [each["by"] for each in given["marks"]] == ["bapperida", "bapperida"]
            assert second.status_code == 200, second.text
            stored = await state_of(store, COMPETITION.name, id)
            assert [(each["innovation"], each["by"]) for each in stored["marks"]] == [
                ("anakku", "bapperida"),
                ("peci", "bapperida-2"),
            ]
            assert stored["by"] == "bapperida-2"
            assert "bapperida" not in (await service.request("GET", f"/competitions/{id}", "executive")).text
    finally:
        await store.close()
