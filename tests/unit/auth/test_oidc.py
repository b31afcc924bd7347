from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.auth import oidc as oidc_module
from shared.auth.oidc import OidcGate
from shared.auth.policy import Role
from shared.clock import Clock, machine_seconds
from shared.faults import Away, Unauthenticated

ISSUER = "https://login.example/realms/kubu-raya"
Key = RSAPrivateKey | EllipticCurvePrivateKey | bytes
RSA = generate_rsa(65537, 2048)
ROLES = frozenset({Role.AGENCY, Role.CURATOR, Role.EXECUTIVE})
NAMES = {"role": "satu_role", "region": "satu_region", "agencies": "satu_agencies"}


class Issuer(httpx2.AsyncBaseTransport):
    """A small OIDC issuer: discovery and keys. It can be switched off, and be slow."""

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.answers.set()
        self.asked = asyncio.Event()
        self.certs = f"{ISSUER}/certs"
        self.keys: dict[str, dict[str, Any]] = {}
        self.claimed_issuer = ISSUER
        self.away = False
        self.requested_paths: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requested_paths.append(request.url.path)
        self.asked.set()
        await self.answers.wait()
        if self.away:
            raise httpx2.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx2.Response(200, json={"issuer": self.claimed_issuer, "jwks_uri": self.certs})
        return httpx2.Response(200, json={"keys": [{**key, "kid": kid} for kid, key in self.keys.items()]})


def jwk(key: RSAPrivateKey) -> dict[str, Any]:
    return dict(json.loads(RSAAlgorithm.to_jwk(key.public_key()))) | {"alg": "RS256"}


def token(kid: str = "k1", key: Key = RSA, algorithm: str = "RS256", **claims: object) -> str:
    now = Clock.machine()
    base: dict[str, object] = {
        "iss": ISSUER,
        "aud": "satu",
        "sub": "u-1",
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    mine = {"satu_role": "curator", "satu_region": "61.12"}
    return jwt.encode(base | mine | claims, key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
def issuer() -> Issuer:
    issuer = Issuer()
    issuer.keys["k1"] = jwk(RSA)
    return issuer


def gate(issuer: Issuer, *, pause: float = 0.0, roles: frozenset[Role] = ROLES) -> OidcGate:
    return OidcGate(ISSUER, "satu", NAMES, roles, transport=issuer, pause=pause)


async def test_the_issuer_s_claims_give_the_principal(issuer: Issuer) -> None:
    principal = await gate(issuer).enter(token())

    assert (principal.id, principal.role, principal.region) == ("u-1", Role.CURATOR, "61.12")


async def test_keys_are_fetched_once(issuer: Issuer) -> None:
    oidc = gate(issuer)

    for _ in range(3):
        await oidc.enter(token())

    assert len(issuer.requested_paths) == 2


async def test_a_new_key_is_fetched_when_a_token_names_it(issuer: Issuer) -> None:
    oidc = gate(issuer)
    await oidc.enter(token())
    issuer.keys["k2"] = jwk(RSA)

    assert (await oidc.enter(token("k2"))).id == "u-1"


async def test_unknown_key_ids_do_not_flood_the_issuer(issuer: Issuer) -> None:
    oidc = gate(issuer, pause=60.0)
    await oidc.enter(token())

    for number in range(5):
        with pytest.raises(Unauthenticated):
            await oidc.enter(token(f"unknown-{number}"))

    assert len(issuer.requested_paths) == 2


async def test_cached_keys_stay_valid_while_the_issuer_is_away(issuer: Issuer) -> None:
    oidc = gate(issuer)
    await oidc.enter(token())
    issuer.away = True

    assert (await oidc.enter(token())).id == "u-1"


async def test_an_issuer_that_never_answered_is_away_and_is_tried_again(issuer: Issuer) -> None:
    oidc = gate(issuer)
    issuer.away = True
    with pytest.raises(Away):
        await oidc.enter(token())
    issuer.away = False

    assert (await oidc.enter(token())).id == "u-1"


async def test_a_discovery_document_of_another_issuer_is_refused(issuer: Issuer) -> None:
    issuer.claimed_issuer = "https://evil.example"

    with pytest.raises(Away):
        await gate(issuer).enter(token())


async def test_an_elliptic_curve_key_is_accepted(issuer: Issuer) -> None:
    key = generate_private_key(SECP256R1())
    issuer.keys["ec"] = dict(json.loads(ECAlgorithm.to_jwk(key.public_key())))

    assert (await gate(issuer).enter(token("ec", key, "ES256"))).id == "u-1"


async def test_a_shared_secret_among_the_keys_is_refused(issuer: Issuer) -> None:
    issuer.keys["hs"] = {"kty": "oct", "k": "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhz", "alg": "HS256"}

    with pytest.raises(Unauthenticated):
        await gate(issuer).enter(token("hs", b"secret-that-is-long-enough-for-hs", "HS256"))


@pytest.mark.parametrize(
    "claims", [{"aud": "another"}, {"satu_role": None}, {"satu_region": None}, {"exp": 1}], ids=str
)
async def test_a_token_for_another_audience_or_without_the_needed_claims_is_refused(
    issuer: Issuer, claims: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        await gate(issuer).enter(token(**claims))


async def test_made_up_tokens_do_not_queue_while_the_issuer_is_slow(issuer: Issuer) -> None:
    oidc = gate(issuer)
    await oidc.enter(token())
    issuer.answers.clear()
    issuer.asked.clear()
    waiting = asyncio.create_task(oidc.enter(token("invented")))
    await asyncio.wait_for(issuer.asked.wait(), 5)

    async with asyncio.timeout(5):  # none of them waits for the issuer, which does not answer
        for number in range(50):
            with pytest.raises(Unauthenticated):
                await oidc.enter(token(f"invented-{number}"))
        assert (await oidc.enter(token())).id == "u-1"
    issuer.answers.set()
    with pytest.raises(Unauthenticated):
        await waiting
    assert len(issuer.requested_paths) == 4


async def test_while_no_key_was_ever_fetched_one_request_waits_and_the_others_are_told_to_come_back(
    issuer: Issuer,
) -> None:
    oidc = gate(issuer)
    issuer.answers.clear()
    first = asyncio.create_task(oidc.enter(token()))
    await asyncio.wait_for(issuer.asked.wait(), 5)

    with pytest.raises(Away):
        await asyncio.wait_for(oidc.enter(token()), 5)
    issuer.answers.set()

    assert (await first).id == "u-1"


async def test_keys_older_than_a_day_are_no_keys(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = 0.0
    monkeypatch.setattr(oidc_module, "machine_seconds", lambda: machine_seconds() + passed)
    oidc = gate(issuer)
    await oidc.enter(token())
    issuer.away = True

    passed = 23 * 3600.0
    assert (await oidc.enter(token())).id == "u-1"
    passed = 25 * 3600.0
    with pytest.raises(Away):
        await oidc.enter(token())
    issuer.away = False
    assert (await oidc.enter(token())).id == "u-1"


async def test_keys_are_not_fetched_without_tls_from_another_machine(issuer: Issuer) -> None:
    issuer.certs = "http://login.example/certs"

    with pytest.raises(Away):
        await gate(issuer).enter(token())
    assert all("certs" not in path for path in issuer.requested_paths)


async def test_an_issuer_gives_no_role_that_the_setting_does_not_name(issuer: Issuer) -> None:
    operator = token(satu_role="operator", satu_region=None)

    with pytest.raises(Unauthenticated, match="operator"):
        await gate(issuer).enter(operator)
    assert (await gate(issuer, roles=frozenset({Role.OPERATOR})).enter(operator)).role is Role.OPERATOR


async def test_an_issuer_never_gives_the_role_of_other_systems(issuer: Issuer) -> None:
    names = NAMES | {"subjects": "subjects"}
    oidc = OidcGate(ISSUER, "satu", names, ROLES, transport=issuer, pause=0.0)

    for claims in ({"satu_role": "subscriber"}, {"satu_role": "subscriber", "subjects": ["innovation"]}):
        with pytest.raises(Unauthenticated):
            await oidc.enter(token(**claims))
