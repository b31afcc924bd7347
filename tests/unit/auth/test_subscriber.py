"""The role of other systems: its token names subjects, and a region or a province, and no issuer of people gives it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.auth import gates, keys
from shared.auth.claims import principal_of
from shared.auth.gates import GateByIssuer, KeyFolderGate
from shared.auth.keys import Grant
from shared.auth.policy import EVERYBODY, Principal, Role
from shared.clock import machine_ms
from shared.contracts.event_types import CONTRACTS, OPEN_SUBJECTS
from shared.faults import Invalid, Misconfigured, Unauthenticated
from shared.settings import load
from tests.support.paths import ROOT

HOUR = timedelta(hours=1)
BOTH = ("innovation", "obligation")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keys.init(tmp_path, tmp_path / "access")
    return tmp_path


async def entered(data: Path, grant: Grant) -> Principal:
    return await GateByIssuer(KeyFolderGate(data / "access"), None).enter(keys.issue(data, grant, HOUR))


@pytest.mark.parametrize(("region", "province"), [(None, None), ("61.12", None), ("61", None), (None, "61")])
async def test_a_token_names_subjects_and_a_region_a_province_or_neither(
    data: Path, region: str | None, province: str | None
) -> None:
    principal = await entered(data, Grant("dasbor", Role.SUBSCRIBER, region, (), BOTH, province))

    assert principal == Principal("dasbor", Role.SUBSCRIBER, region, frozenset(), None, frozenset(BOTH), province)


async def test_a_principal_knows_when_its_token_ends(data: Path) -> None:
    principal = await entered(data, Grant("dasbor", Role.SUBSCRIBER, None, (), BOTH))

    assert principal.expires is not None
    assert 3500 < principal.expires - machine_ms() / 1000 <= 3600


@pytest.mark.parametrize(
    ("grant", "flaws"),
    [
        (Grant("x", Role.SUBSCRIBER), {("subjects", "missing")}),
        (Grant("x", Role.SUBSCRIBER, None, (), ("innovation", "weather")), {("subjects", "unknown")}),
        (Grant("x", Role.SUBSCRIBER, None, (), ("message",)), {("subjects", "unknown")}),
        (Grant("x", Role.SUBSCRIBER, None, (), ("",)), {("subjects", "unknown")}),
        (Grant("x", Role.SUBSCRIBER, "61.12", (), BOTH, "61"), {("province", "not-fitting")}),
        (Grant("x", Role.SUBSCRIBER, "61.1", (), BOTH), {("region", "malformed")}),
        (Grant("x", Role.SUBSCRIBER, "61.12\n", (), BOTH), {("region", "malformed")}),
        (Grant("x", Role.SUBSCRIBER, "", (), BOTH), {("region", "malformed")}),
        (Grant("x", Role.SUBSCRIBER, None, (), BOTH, "61.12"), {("province", "malformed")}),
        (Grant("x", Role.SUBSCRIBER, None, (), BOTH, ""), {("province", "malformed")}),
        (Grant("x", Role.SUBSCRIBER, None, ("a1",), BOTH), {("agency", "not-fitting")}),
        (Grant("x", Role.CURATOR, "61.12", (), BOTH), {("subjects", "not-fitting")}),
        (Grant("x", Role.OPERATOR, None, (), (), "61"), {("province", "not-fitting")}),
    ],
)
def test_an_invalid_scope_is_refused_with_its_reason(data: Path, grant: Grant, flaws: set[tuple[str, str]]) -> None:
    with pytest.raises(Invalid) as caught:
        keys.issue(data, grant, HOUR)

    assert {(flaw.field, flaw.code) for flaw in caught.value.flaws} == flaws


@pytest.mark.parametrize(
    "claims",
    [
        {"subjects": None},
        {"subjects": "innovation"},
        {"subjects": ["message"]},
        {"province": 61},
        {"province": "61", "region": "61.12"},
        {"role": "curator", "region": "61.12"},
        {"role": "operator"},
    ],
    ids=str,
)
def test_contradictory_claims_are_refused(claims: Mapping[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        principal_of({"sub": "x", "role": "subscriber", "subjects": ["innovation"]} | claims)


def test_the_subjects_are_all_that_have_events_but_messages_to_people_and_ideas_of_the_public() -> None:
    assert {contract.subject for contract in CONTRACTS.values()} - {"message", "idea"} == OPEN_SUBJECTS
    assert "innovation" in OPEN_SUBJECTS


def test_a_subscriber_sees_its_region_nowhere_but_in_the_feed() -> None:
    assert not Principal("x", Role.SUBSCRIBER, "61.12").may_see_region("61.12")
    assert set(Role) - set(EVERYBODY) == {Role.SUBSCRIBER}


@pytest.mark.parametrize("roles", ["subscriber", "agency,subscriber"])
def test_an_issuer_of_people_cannot_be_told_to_give_the_role(roles: str) -> None:
    settings = load({"OIDC_ISSUER": "https://login.example", "OIDC_AUDIENCE": "satu"}, oidc_roles=roles)

    with pytest.raises(Misconfigured, match="'subscriber' is none of"):
        gates.gate_of(settings)


def test_no_route_is_declared_for_every_role() -> None:
    """`*Role` has the subscriber in it; `*EVERYBODY` is what people may call."""
    sources = [path for part in ("services", "shared") for path in (ROOT / part).rglob("*.py")]

    assert [
        str(path) for path in sources if "*Role" + "," in path.read_text() or "*Role" + ")" in path.read_text()
    ] == []
    assert [str(path) for path in sources if "tuple(" + "Role)" in path.read_text()] == []
