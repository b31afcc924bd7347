from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.auth import gates, keys
from shared.auth.gates import GateByIssuer, KeyFolderGate
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import Invalid, Misconfigured, Unauthenticated

HOUR = timedelta(hours=1)
AGENCY = Grant("dinkes", Role.AGENCY, "61.12", ("a1", "a2"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keys.init(tmp_path, tmp_path / "access")
    return tmp_path


@pytest.fixture
def gate(data: Path) -> GateByIssuer:
    return GateByIssuer(KeyFolderGate(data / "access"), None)


def forged(
    key: Ed25519PrivateKey | bytes | None, algorithm: str = "EdDSA", kid: str | None = None, **claims: object
) -> str:
    now = Clock.machine()
    base: dict[str, object] = {"iss": "satu-inovasi", "aud": "satu-inovasi", "sub": "x", "role": "operator"}
    base |= {"iat": now, "exp": now + HOUR}
    return jwt.encode(
        {name: value for name, value in (base | claims).items() if value is not None},
        key,
        algorithm=algorithm,
        headers={"kid": kid} if kid else {},
    )


def own(data: Path) -> tuple[Ed25519PrivateKey, str]:
    key = serialization.load_pem_private_key(keys.private_path(data).read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key, keys.kid_of(key.public_key())


async def test_a_token_that_was_issued_is_let_in_with_its_scope(data: Path, gate: GateByIssuer) -> None:
    principal = await gate.enter(keys.issue(data, AGENCY, HOUR))

    assert (principal.id, principal.role, principal.region) == ("dinkes", Role.AGENCY, "61.12")
    assert principal.agencies == {"a1", "a2"}


def test_the_private_key_is_its_owner_s_alone_and_made_once(data: Path) -> None:
    before = keys.private_path(data).read_bytes()

    kid, fresh = keys.init(data, data / "access")

    assert not fresh
    assert keys.private_path(data).read_bytes() == before
    assert stat.S_IMODE(keys.private_path(data).stat().st_mode) == 0o600
    assert b"PRIVATE" not in (data / "access" / f"{kid}.pub").read_bytes()


def test_a_lost_public_half_is_made_again(data: Path) -> None:
    kid, _ = keys.init(data, data / "access")
    (data / "access" / f"{kid}.pub").unlink()

    keys.init(data, data / "access")

    assert (data / "access" / f"{kid}.pub").exists()


@pytest.mark.parametrize(
    ("grant", "days", "fields"),
    [
        (Grant("x", Role.AGENCY), 1, {"region", "agency"}),
        (Grant("x", Role.CURATOR), 1, {"region"}),
        (Grant("x", Role.CURATOR, "61.12", ("a",)), 1, {"agency"}),
        (Grant("", Role.PUBLIC), 1, {"account", "role"}),
        (Grant("x", Role.OPERATOR), 0, {"days"}),
        (Grant("x", Role.OPERATOR), 9999, {"days"}),
    ],
)
def test_a_grant_that_is_none_is_refused_with_every_reason(
    data: Path, grant: Grant, days: int, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as caught:
        keys.issue(data, grant, timedelta(days=days))

    assert {flaw.field for flaw in caught.value.flaws} == fields


def test_without_a_key_nothing_is_issued_and_the_cure_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="satu token init"):
        keys.issue(tmp_path, AGENCY, HOUR)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"aud": "another"},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": 7},
        {"exp": 0},
        {"role": "king"},
        {"role": "public"},
        {"role": None},
        {"role": "curator"},
        {"role": "agency", "region": "61.12"},
        {"role": "agency", "region": "61.12", "agencies": "a1"},
        {"role": "curator", "region": 6112},
        {"role": ["operator"]},
    ],
    ids=str,
)
async def test_claims_that_make_no_principal_are_not_let_in(
    data: Path, gate: GateByIssuer, claims: dict[str, Any]
) -> None:
    key, kid = own(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(key, kid=kid, **claims))


async def test_another_key_s_signature_does_not_hold_under_our_key_s_id(data: Path, gate: GateByIssuer) -> None:
    _, kid = own(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(Ed25519PrivateKey.generate(), kid=kid))


async def test_a_shared_secret_made_of_the_public_key_does_not_hold(data: Path, gate: GateByIssuer) -> None:
    _, kid = own(data)
    raw = (data / "access" / f"{kid}.pub").read_bytes()
    secret = raw.replace(b"-----BEGIN PUBLIC KEY-----", b"").replace(b"-----END PUBLIC KEY-----", b"")

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(secret * 2, "HS256", kid))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "." * 40, "x" * 9000, "\N{SNOWMAN}.é.x"], ids=range(7))
async def test_what_is_no_token_is_not_let_in(gate: GateByIssuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await gate.enter(token)


async def test_an_unsigned_token_is_not_let_in(data: Path, gate: GateByIssuer) -> None:
    _, kid = own(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(None, "none", kid))


async def test_a_key_that_was_taken_away_is_soon_no_key(
    data: Path, monkeypatch: pytest.MonkeyPatch, gate: GateByIssuer
) -> None:
    _, kid = own(data)
    token = keys.issue(data, AGENCY, HOUR)
    await gate.enter(token)
    (data / "access" / f"{kid}.pub").unlink()
    monkeypatch.setattr(gates, "_LOOK_AGAIN", -1.0)

    with pytest.raises(Unauthenticated):
        await gate.enter(token)


async def test_a_file_that_is_no_key_does_not_shut_out_the_others(data: Path, gate: GateByIssuer) -> None:
    (data / "access" / "0000.pub").write_text("no key")

    assert (await gate.enter(keys.issue(data, AGENCY, HOUR))).id == "dinkes"
    assert list(gates.read_keys(data / "access")[1]) == ["0000.pub"]
