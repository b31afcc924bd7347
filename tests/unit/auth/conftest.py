"""Tokens as former releases issued them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.auth import keys
from shared.auth.signing import kid_of
from shared.clock import Clock


@pytest.fixture
def former_token() -> Callable[[Path], str]:
    """Makes an operator's token without `jti`, signed with the key below a data folder."""

    def make(data: Path) -> str:
        key = serialization.load_pem_private_key(keys.private_path(data).read_bytes(), None)
        assert isinstance(key, Ed25519PrivateKey)
        now = Clock.machine()
        claims = {"iss": keys.ISSUER, "aud": keys.AUDIENCE, "sub": "operator", "role": "operator"}
        lifetime = {"iat": now, "exp": now + timedelta(days=30)}
        return jwt.encode(claims | lifetime, key, algorithm="EdDSA", headers={"kid": kid_of(key.public_key())})

    return make
