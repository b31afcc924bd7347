from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.auth import gates, keys
from shared.auth.gates import GateByIssuer, KeyFolderGate
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.auth.signing import kid_of
from shared.clock import Clock
from shared.faults import Invalid, Misconfigured, Unauthenticated
from shared.settings import load

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


def key_of(data: Path) -> tuple[Ed25519PrivateKey, str]:
    key = serialization.load_pem_private_key(keys.private_path(data).read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key, kid_of(key.public_key())


async def test_an_issued_token_gives_a_principal_with_its_scope(data: Path, gate: GateByIssuer) -> None:
    principal = await gate.enter(keys.issue(data, AGENCY, HOUR))

    assert (principal.id, principal.role, principal.region) == ("dinkes", Role.AGENCY, "61.12")
    assert principal.agencies == {"a1", "a2"}


def test_the_private_key_is_created_once_and_readable_by_its_owner_only(data: Path) -> None:
    before = keys.private_path(data).read_bytes()

    kid, fresh = keys.init(data, data / "access")

    assert not fresh
    assert keys.private_path(data).read_bytes() == before
    assert stat.S_IMODE(keys.private_path(data).stat().st_mode) == 0o600
    assert b"PRIVATE" not in (data / "access" / f"{kid}.pub").read_bytes()


def test_of_replicas_that_start_at_once_one_makes_the_pair_and_all_have_it(tmp_path: Path) -> None:
    for each in map(str, range(20)):
        data, access, starts = tmp_path / each, tmp_path / each / "access", Barrier(4)

        def init(data: Path = data, access: Path = access, starts: Barrier = starts) -> tuple[str, bool]:
            starts.wait(10)
            return keys.init(data, access)

        with ThreadPoolExecutor(4) as replicas:
            made = [each.result() for each in [replicas.submit(init) for _ in range(4)]]

        assert len({kid for kid, _ in made}) == 1
        assert [fresh for _, fresh in made].count(True) == 1
        assert [file.name for file in keys.private_path(data).parent.iterdir()] == [keys.private_path(data).name]
        assert [file.name for file in access.iterdir()] == [f"{made[0][0]}.pub"]


def test_a_lost_public_key_file_is_written_again(data: Path) -> None:
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
def test_an_invalid_grant_is_refused_with_every_reason(data: Path, grant: Grant, days: int, fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        keys.issue(data, grant, timedelta(days=days))

    assert {flaw.field for flaw in caught.value.flaws} == fields


def test_without_a_key_nothing_is_issued_and_the_error_names_the_command(tmp_path: Path) -> None:
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
async def test_invalid_claims_are_refused(data: Path, gate: GateByIssuer, claims: dict[str, Any]) -> None:
    key, kid = key_of(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(key, kid=kid, **claims))


async def test_a_signature_by_another_key_is_refused(data: Path, gate: GateByIssuer) -> None:
    _, kid = key_of(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(Ed25519PrivateKey.generate(), kid=kid))


async def test_a_public_key_used_as_a_shared_secret_is_refused(data: Path, gate: GateByIssuer) -> None:
    _, kid = key_of(data)
    raw = (data / "access" / f"{kid}.pub").read_bytes()
    secret = raw.replace(b"-----BEGIN PUBLIC KEY-----", b"").replace(b"-----END PUBLIC KEY-----", b"")

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(secret * 2, "HS256", kid))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "." * 40, "x" * 9000, "\N{SNOWMAN}.é.x"], ids=range(7))
async def test_malformed_tokens_are_refused(gate: GateByIssuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await gate.enter(token)


async def test_an_unsigned_token_is_refused(data: Path, gate: GateByIssuer) -> None:
    _, kid = key_of(data)

    with pytest.raises(Unauthenticated):
        await gate.enter(forged(None, "none", kid))


async def test_tokens_of_a_removed_key_are_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch, gate: GateByIssuer
) -> None:
    _, kid = key_of(data)
    token = keys.issue(data, AGENCY, HOUR)
    await gate.enter(token)
    (data / "access" / f"{kid}.pub").unlink()
    monkeypatch.setattr(gates, "_RELOAD_AFTER", -1.0)

    with pytest.raises(Unauthenticated):
        await gate.enter(token)


async def test_an_unusable_key_file_does_not_affect_other_keys(data: Path, gate: GateByIssuer) -> None:
    (data / "access" / "0000.pub").write_text("no key")

    assert (await gate.enter(keys.issue(data, AGENCY, HOUR))).id == "dinkes"
    assert list(gates.read_keys(data / "access")[1]) == ["0000.pub"]


@pytest.mark.parametrize("roles", ["king", "agency,public", "", " , "])
def test_roles_of_an_issuer_that_do_not_exist_are_named_at_the_start(roles: str) -> None:
    settings = load({"OIDC_ISSUER": "https://login.example", "OIDC_AUDIENCE": "satu"}, oidc_roles=roles)

    with pytest.raises(Misconfigured, match="OIDC_ROLES"):
        gates.gate_of(settings)
