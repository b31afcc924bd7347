"""Accepted tokens are remembered, and until when."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.auth import gates, keys
from shared.auth.gates import GateByIssuer, KeyFolderGate
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.auth.revoked import NAME, revoke
from shared.faults import Unauthenticated

CURATOR = Grant("bappeda", Role.CURATOR, "61.12")
LATER = datetime(2100, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def access(tmp_path: Path) -> Path:
    keys.init(tmp_path, tmp_path / "access")
    return tmp_path / "access"


@pytest.fixture
def gate(access: Path) -> GateByIssuer:
    return GateByIssuer(KeyFolderGate(access), None)


@pytest.fixture
def token(tmp_path: Path, access: Path) -> str:
    assert access.exists()
    return keys.issue(tmp_path, CURATOR, HOUR)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each token's signature was checked."""
    counted: Counter[str] = Counter()
    plain = gates.verified

    def counting(token: str, *arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as verified's
        counted[token] += 1
        return plain(token, *arguments)

    monkeypatch.setattr(gates, "verified", counting)
    return counted


def key_file(access: Path) -> Path:
    (path,) = access.glob("*.pub")
    return path


class Seconds:
    """Machine seconds of the gate, moved by a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        monkeypatch.setattr(gates, "machine_seconds", lambda: time.monotonic() + self.ahead)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    return Seconds(monkeypatch)


async def test_a_second_request_with_a_token_gets_the_same_principal_without_a_check(
    gate: GateByIssuer, token: str, checks: Counter[str]
) -> None:
    first = await gate.enter(token)

    assert await gate.enter(token) == first
    assert (await gate.enter(token)).jti == first.jti
    assert checks[token] == 1


async def test_after_two_seconds_the_token_is_checked_again(
    gate: GateByIssuer, token: str, checks: Counter[str], seconds: Seconds
) -> None:
    await gate.enter(token)
    seconds.ahead = 2.0

    await gate.enter(token)

    assert checks[token] == 2


async def test_a_remembered_token_ends_when_it_expires(
    gate: GateByIssuer, token: str, checks: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await gate.enter(token)
    expiry = time.time() + HOUR.total_seconds() + gates.LEEWAY

    monkeypatch.setattr(gates, "machine_ms", lambda: int((expiry - 2) * 1000))
    await gate.enter(token)
    assert checks[token] == 1

    monkeypatch.setattr(gates, "machine_ms", lambda: int((expiry + 2) * 1000))
    await gate.enter(token)
    assert checks[token] == 2  # by the real time it is still valid


async def test_a_remembered_token_is_refused_once_its_revocation_is_read(
    access: Path, gate: GateByIssuer, token: str, seconds: Seconds
) -> None:
    jti = (await gate.enter(token)).jti
    assert jti is not None
    revoke(access, jti, LATER)
    seconds.ahead = 2.0

    with pytest.raises(Unauthenticated, match="dicabut"):
        await gate.enter(token)


async def test_a_remembered_token_stays_refused_while_the_list_of_revoked_tokens_cannot_be_read(
    access: Path, gate: GateByIssuer, token: str, seconds: Seconds
) -> None:
    jti = (await gate.enter(token)).jti
    assert jti is not None
    revoke(access, jti, LATER)
    seconds.ahead = 2.0
    with pytest.raises(Unauthenticated):
        await gate.enter(token)
    (access / NAME).unlink()
    (access / NAME).mkdir()  # not even root can read it as a file
    seconds.ahead = 4.0

    with pytest.raises(Unauthenticated, match="dicabut"):
        await gate.enter(token)


async def test_a_remembered_token_is_refused_once_its_key_is_removed(
    access: Path, gate: GateByIssuer, token: str, seconds: Seconds
) -> None:
    await gate.enter(token)
    key_file(access).unlink()
    seconds.ahead = 2.0

    with pytest.raises(Unauthenticated, match="kunci"):
        await gate.enter(token)


async def test_a_remembered_token_is_refused_once_its_key_file_has_another_key(
    access: Path, gate: GateByIssuer, token: str, seconds: Seconds
) -> None:
    await gate.enter(token)
    other = Ed25519PrivateKey.generate().public_key()
    key_file(access).write_bytes(
        other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    seconds.ahead = 2.0

    with pytest.raises(Unauthenticated):
        await gate.enter(token)


async def test_a_refused_token_is_not_remembered_and_a_new_key_lets_it_in(
    access: Path, gate: GateByIssuer, token: str, seconds: Seconds, checks: Counter[str]
) -> None:
    tampered = token[:-6] + ("AAAAAA" if not token.endswith("AAAAAA") else "BBBBBB")
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await gate.enter(tampered)
    assert checks[tampered] == 2
    key = key_file(access)
    hidden = key.rename(key.with_suffix(".hidden"))
    seconds.ahead = 2.0
    with pytest.raises(Unauthenticated):
        await gate.enter(token)
    hidden.rename(key)
    seconds.ahead = 4.0

    assert (await gate.enter(token)).id == "bappeda"


async def test_a_token_that_differs_in_one_character_from_a_remembered_one_is_checked(
    gate: GateByIssuer, token: str
) -> None:
    await gate.enter(token)
    head, claims, signature = token.split(".")

    with pytest.raises(Unauthenticated):
        await gate.enter(f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}")


async def test_at_most_so_many_tokens_are_remembered_and_the_others_are_still_accepted(
    tmp_path: Path, gate: GateByIssuer, checks: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "_MOST_REMEMBERED", 2)
    tokens = [keys.issue(tmp_path, CURATOR, HOUR) for _ in range(3)]

    for _ in range(3):
        for each in tokens:
            assert (await gate.enter(each)).id == "bappeda"

    assert [checks[each] for each in tokens] == [1, 1, 3]
