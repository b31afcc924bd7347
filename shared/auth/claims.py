"""Verifies a token's signature and claims, and converts the claims into a principal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt

from shared.auth.keys import Grant
from shared.auth.policy import Principal, Role
from shared.faults import Unauthenticated

LEEWAY = 30  # seconds; tolerated clock difference between two machines


def verified(token: str, key: Any, algorithms: list[str], issuer: str, audience: str) -> Mapping[str, Any]:  # noqa: ANN401 - PyJWT's key
    """The claims of a valid token. Raises Unauthenticated with the reason, never with the token."""
    try:
        return jwt.decode(
            token,
            key,
            algorithms=algorithms,
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "iss", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("Token sudah kedaluwarsa.") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Unauthenticated("Token tidak sah.") from None


def principal_of(claims: Mapping[str, Any]) -> Principal:
    """The principal of verified claims. Raises Unauthenticated for incomplete or contradictory claims."""
    region, province, jti = claims.get("region"), claims.get("province"), claims.get("jti")
    agencies, subjects = claims.get("agencies", []), claims.get("subjects", [])
    texts = all(isinstance(each, str | None) for each in (region, province, jti))
    if not texts or not isinstance(agencies, list) or not isinstance(subjects, list):
        raise Unauthenticated("Isi token tidak dapat dibaca.")
    try:
        role = Role(str(claims.get("role")))
    except ValueError:
        raise Unauthenticated("Token tidak menyebut peran.") from None
    grant = Grant(
        str(claims["sub"]),
        role,
        region,
        tuple(str(each) for each in agencies),
        tuple(str(each) for each in subjects),
        province,
    )
    flaws = grant.flaws()
    if flaws:
        raise Unauthenticated(f"Isi token belum lengkap: {flaws[0].field}.")
    own_region = region if role is not Role.OPERATOR else None
    return Principal(
        grant.account,
        role,
        own_region,
        frozenset(grant.agencies),
        jti,
        frozenset(grant.subjects),
        province,
        int(claims["exp"]) if "exp" in claims else None,
    )


def require_lifetime(claims: Mapping[str, Any], longest: timedelta) -> None:
    """Raise Unauthenticated for a token that was issued for longer than this: the issuer's limit is no promise."""
    if float(claims["exp"]) - float(claims["iat"]) > longest.total_seconds():
        most = f"{longest.days} hari" if longest.days else f"{longest // timedelta(minutes=1)} menit"
        raise Unauthenticated(f"Masa berlaku token lebih dari {most}.")
