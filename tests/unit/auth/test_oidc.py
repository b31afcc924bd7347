from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.auth.oidc import OidcGate
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import Away, Unauthenticated

ISSUER = "https://login.example/realms/kubu-raya"
Key = RSAPrivateKey | EllipticCurvePrivateKey | bytes
RSA = generate_rsa(65537, 2048)
NAMES = {"role": "satu_role", "region": "satu_region", "agencies": "satu_agencies"}


class Issuer(httpx.AsyncBaseTransport):
    """A small issuer: discovery, keys, and whether it is there at all."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.speaks_for = ISSUER
        self.away = False
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": self.speaks_for, "jwks_uri": f"{ISSUER}/certs"})
        return httpx.Response(200, json={"keys": [{**key, "kid": kid} for kid, key in self.keys.items()]})


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


def gate(issuer: Issuer, *, pause: float = 0.0) -> OidcGate:
    return OidcGate(ISSUER, "satu", NAMES, transport=issuer, pause=pause)


async def test_the_issuer_s_claims_make_the_principal(issuer: Issuer) -> None:
    principal = await gate(issuer).enter(token())

    assert (principal.id, principal.role, principal.region) == ("u-1", Role.CURATOR, "61.12")


async def test_keys_are_fetched_once(issuer: Issuer) -> None:
    door = gate(issuer)

    for _ in range(3):
        await door.enter(token())

    assert len(issuer.asked) == 2


async def test_a_new_key_is_fetched_when_a_token_names_it(issuer: Issuer) -> None:
    door = gate(issuer)
    await door.enter(token())
    issuer.keys["k2"] = jwk(RSA)

    assert (await door.enter(token("k2"))).id == "u-1"


async def test_made_up_key_ids_do_not_storm_the_issuer(issuer: Issuer) -> None:
    door = gate(issuer, pause=60.0)
    await door.enter(token())

    for number in range(5):
        with pytest.raises(Unauthenticated):
            await door.enter(token(f"made-up-{number}"))

    assert len(issuer.asked) == 2


async def test_with_the_issuer_away_its_known_keys_still_hold(issuer: Issuer) -> None:
    door = gate(issuer)
    await door.enter(token())
    issuer.away = True

    assert (await door.enter(token())).id == "u-1"


async def test_an_issuer_that_never_answered_is_away_and_asked_again(issuer: Issuer) -> None:
    door = gate(issuer)
    issuer.away = True
    with pytest.raises(Away):
        await door.enter(token())
    issuer.away = False

    assert (await door.enter(token())).id == "u-1"


async def test_discovery_that_speaks_for_another_issuer_is_not_believed(issuer: Issuer) -> None:
    issuer.speaks_for = "https://evil.example"

    with pytest.raises(Away):
        await gate(issuer).enter(token())


async def test_an_elliptic_key_holds_as_well(issuer: Issuer) -> None:
    key = generate_private_key(SECP256R1())
    issuer.keys["ec"] = dict(json.loads(ECAlgorithm.to_jwk(key.public_key())))

    assert (await gate(issuer).enter(token("ec", key, "ES256"))).id == "u-1"


async def test_a_key_of_a_shared_secret_is_no_key(issuer: Issuer) -> None:
    issuer.keys["hs"] = {"kty": "oct", "k": "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhz", "alg": "HS256"}

    with pytest.raises(Unauthenticated):
        await gate(issuer).enter(token("hs", b"secret-that-is-long-enough-for-hs", "HS256"))


@pytest.mark.parametrize(
    "claims", [{"aud": "another"}, {"satu_role": None}, {"satu_region": None}, {"exp": 1}], ids=str
)
async def test_a_token_for_others_or_without_our_claims_is_not_let_in(issuer: Issuer, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await gate(issuer).enter(token(**claims))
