"""Curators who register, rename, retire and reinstate agencies at the same moments never make two of one name."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.names import folded
from shared.ports.store import Document
from tests.support.registry_service import REGION, RegistryService, running_registry

NAMES = ("Dinas Sosial", "dinas  sosial", "DÍNAS SOSIAL", "Dinas Pangan", "dinas pangan", "Dinas Baru")
TODAY = date(2026, 6, 1)
SOAK = "SOAK_SECONDS" in os.environ
ROUNDS = 100 if SOAK else 30
DAYS = ("2026-05-01", "2026-06-01", "2026-09-01")


async def act(registry: RegistryService, dice: random.Random, number: int, ids: list[str]) -> int:
    """Do one thing; the answer's status."""
    curator, name = registry.by("curator"), dice.choice(NAMES)
    if not ids or dice.random() < 0.4:
        body = {"region": REGION, "name": name, "kind": "dinas"}
        answer = await curator("POST", "/agencies", body, key=f"k{number}")
        if answer.status_code == 201:
            ids.append(answer.json()["id"])
        return answer.status_code
    place = f"/agencies/{dice.choice(ids)}"
    body = {"name": name, "kind": "dinas"}
    change: tuple[str, str, dict[str, Any] | None] = dice.choice(
        (
            ("PUT", place, body),
            ("POST", f"{place}/retire", {"retired_on": dice.choice(DAYS)}),
            ("POST", f"{place}/reinstate", None),
        )
    )
    return (await curator.change(*change, of=place)).status_code


async def play(folder: Path, seed: int) -> Counter[int]:
    """The statuses of all answers. Fails when two active agencies have one name."""
    dice = random.Random(seed)
    statuses: Counter[int] = Counter()
    async with running_registry(folder) as registry:
        await registry.region()
        linger(registry, dice)
        ids: list[str] = []
        for number in range(ROUNDS):
            acts = (act(registry, dice, 10 * number + each, ids) for each in range(dice.randint(1, 4)))
            statuses.update(await asyncio.gather(*acts))
            listed = (await registry.by(None)("GET", f"/agencies?region={REGION}&limit=200")).json()["items"]
            names = Counter(folded(each["name"]) for each in listed if is_active(each))
            assert not names or max(names.values()) == 1, (seed, number, names)
    return statuses


def linger(registry: RegistryService, dice: random.Random) -> None:
    """Let writes begin late, so that others come between a look and the write that it decided."""
    change = registry.store.change

    async def late(*given: Any, **named: Any) -> Document:  # noqa: ANN401 - as the store's
        await asyncio.sleep(dice.random() / 500)
        return await change(*given, **named)

    registry.store.change = late  # type: ignore[method-assign,assignment]


def is_active(agency: dict[str, Any]) -> bool:
    return agency["retired_on"] is None or date.fromisoformat(agency["retired_on"]) > TODAY


@settings(max_examples=20 if SOAK else 2, database=None, derandomize=False)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_two_agencies_of_one_name_are_ever_active(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    statuses = asyncio.run(play(tmp_path_factory.mktemp("registry"), seed))
    assert set(statuses) <= {200, 201, 409, 412}, (seed, statuses)
    assert {201, 409} <= set(statuses), (seed, statuses)
