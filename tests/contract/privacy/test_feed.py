"""The feed forgets which account made an endpoint; the endpoint goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.feed.endpoints.endpoint import Endpoint, Secret
from services.feed.endpoints.kinds import KINDS
from services.feed.endpoints.repositories import endpoint_repository
from services.feed.privacy import FeedPersonalData
from shared.ports.store import Store
from shared.runtime.personal_data import Subject
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.kinds import ERASURE_KINDS
from shared.storage.erasures.list import ErasureList
from tests.support.store_engines import Engine


@pytest.fixture
async def store(either: Engine) -> Store:
    store = await either.open(*KINDS, *ERASURE_KINDS)
    at = datetime(2026, 11, 30, tzinfo=UTC)
    for id, by in (("a", "account-1"), ("b", "account-2")):
        made = Endpoint(
            created_by_body="",
            url="https://x.example/hook",
            region="61.12",
            secrets=(Secret(key="whsec_x"),),
            since=at,
            changed_at=1,
            by=by,
            created_at=1,
        )
        await endpoint_repository(store).create(id, made)
    return store


async def test_an_account_is_exported_and_erased_and_erased_again_after_a_restore(store: Store, tmp_path: Path) -> None:
    erasures = Erasures(store, "feed", ErasureList(tmp_path / "erased.jsonl"))
    personal, endpoints = FeedPersonalData(store, erasures), endpoint_repository(store)
    before = [stored async for stored in store.dump("endpoint")]
    subject = Subject(account="account-1")

    held = await personal.find(subject)
    done = await personal.erase(subject, "satu")

    assert [(each.id, each.data["by"]) for each in held] == [("a", "account-1")]
    assert "whsec_x" not in str(held)
    assert done.documents == 1
    assert [(await endpoints.get(id)).value.by for id in ("a", "b")] == ["", "account-2"]
    assert (await endpoints.get("a")).value.is_active
    (counted,) = await personal.affected("61.12")
    assert (counted.documents, counted.persons) == (2, 1)

    await store.load("endpoint", before)
    await store.erase("erasure", "account/account-1")
    await erasures.catch_up(personal)

    assert [(await endpoints.get(id)).value.by for id in ("a", "b")] == ["", "account-2"]
    assert (await personal.erase(Subject(account="nobody"), "satu")).documents == 0
