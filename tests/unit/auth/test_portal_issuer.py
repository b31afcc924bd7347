"""The portal as an issuer of its own: its folder of keys decides the name, the roles and the lifetime of its tokens."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.auth import keys
from shared.auth.gates import gate_of
from shared.auth.issuers import OPERATOR, PORTAL, Issuer
from shared.auth.keys import Grant
from shared.auth.policy import Gate, Role
from shared.auth.revoked import revoke
from shared.auth.signing import SigningKey
from shared.faults import Invalid, Misconfigured, Unauthenticated
from shared.settings import load

FIVE = timedelta(minutes=5)
AGENCY = Grant("a-1", Role.AGENCY, "61.12", ("o-1",))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keys.init(tmp_path, tmp_path / "access")
    keys.init(tmp_path, tmp_path / "access", PORTAL)
    return tmp_path


@pytest.fixture
def gate(data: Path) -> Gate:
    return gate_of(load({}, data_dir=data))


def key_of(data: Path, issuer: Issuer = PORTAL) -> SigningKey:
    return SigningKey.read(issuer.private_path(data))


async def test_a_token_of_the_portal_gives_a_principal_with_its_scope(data: Path, gate: Gate) -> None:
    principal = await gate.enter(keys.signed(key_of(data), PORTAL, AGENCY, FIVE))

    assert (principal.id, principal.role, principal.region) == ("a-1", Role.AGENCY, "61.12")
    assert principal.agencies == {"o-1"}


def test_the_pairs_lie_apart_and_the_private_half_is_its_owner_s(data: Path) -> None:
    private = PORTAL.private_path(data)

    assert private == data / "portal/token.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert [each.stem for each in (data / "access/portal").glob("*.pub")] == [key_of(data).kid]
    assert [each.stem for each in (data / "access").glob("*.pub")] == [key_of(data, OPERATOR).kid]


@pytest.mark.parametrize("role", sorted(set(Role) - PORTAL.roles))
def test_the_portal_signs_for_no_other_role(data: Path, role: Role) -> None:
    with pytest.raises(Invalid, match="role"):
        keys.signed(key_of(data), PORTAL, Grant("a-1", role), FIVE)


def test_the_portal_signs_for_ten_minutes_at_most(data: Path) -> None:
    with pytest.raises(Invalid, match="at most 0:10:00"):
        keys.signed(key_of(data), PORTAL, AGENCY, timedelta(minutes=11))


async def test_whoever_has_the_portal_s_key_is_no_operator(data: Path, gate: Gate) -> None:
    generous = Issuer(PORTAL.name, "portal", "portal", frozenset(Role), PORTAL.longest)

    with pytest.raises(Unauthenticated, match="operator"):
        await gate.enter(keys.signed(key_of(data), generous, Grant("a-1", Role.OPERATOR), FIVE))


async def test_whoever_has_the_portal_s_key_is_signed_in_for_ten_minutes_at_most(data: Path, gate: Gate) -> None:
    patient = Issuer(PORTAL.name, "portal", "portal", PORTAL.roles, timedelta(days=1))

    with pytest.raises(Unauthenticated, match="10 menit"):
        await gate.enter(keys.signed(key_of(data), patient, AGENCY, timedelta(minutes=11)))


@pytest.mark.parametrize(("signer", "named"), [(PORTAL, OPERATOR), (OPERATOR, PORTAL)])
async def test_no_key_speaks_in_the_name_of_the_other_issuer(
    data: Path, gate: Gate, signer: Issuer, named: Issuer
) -> None:
    with pytest.raises(Unauthenticated, match="tidak dikenal"):
        await gate.enter(keys.signed(key_of(data, signer), named, AGENCY, FIVE))


async def test_without_its_folder_there_is_no_such_issuer_and_all_else_works(data: Path) -> None:
    token = keys.signed(key_of(data), PORTAL, AGENCY, FIVE)
    for each in (data / "access/portal").iterdir():
        each.unlink()
    (data / "access/portal").rmdir()
    gate = gate_of(load({}, data_dir=data))

    with pytest.raises(Unauthenticated, match="tidak dikenal"):
        await gate.enter(token)
    assert (await gate.enter(keys.issue(data, AGENCY, FIVE))).id == "a-1"


async def test_two_keys_of_the_portal_stand_side_by_side(data: Path) -> None:
    former = keys.signed(key_of(data), PORTAL, AGENCY, FIVE)
    PORTAL.private_path(data).unlink()
    keys.init(data, data / "access", PORTAL)
    gate = gate_of(load({}, data_dir=data))

    for token in (former, keys.signed(key_of(data), PORTAL, AGENCY, FIVE)):
        assert (await gate.enter(token)).id == "a-1"


async def test_the_list_of_revoked_tokens_ends_a_token_of_the_portal(data: Path) -> None:
    token = keys.signed(key_of(data), PORTAL, AGENCY, FIVE)
    jti = (await gate_of(load({}, data_dir=data)).enter(token)).jti
    assert jti is not None
    revoke(data / "access", jti, datetime(2100, 1, 1, tzinfo=UTC))

    with pytest.raises(Unauthenticated, match="dicabut"):
        await gate_of(load({}, data_dir=data)).enter(token)


def test_a_key_in_a_secret_is_read_and_a_broken_one_is_named_without_its_text(data: Path) -> None:
    text = PORTAL.private_path(data).read_bytes()

    assert SigningKey.parse(text, "PORTAL_KEY").kid == key_of(data).kid
    with pytest.raises(Misconfigured, match="PORTAL_KEY") as caught:
        SigningKey.parse(b"-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n", "PORTAL_KEY")
    assert "secret" not in str(caught.value)


def test_what_is_derived_of_a_key_differs_by_purpose_and_stays_the_same(data: Path) -> None:
    key = key_of(data)

    assert key.derived("links") == key_of(data).derived("links") != key.derived("addresses")
    assert len(key.derived("links")) == 32
