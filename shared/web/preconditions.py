"""Required request headers: `If-Match` on every update, `Idempotency-Key` on every creation."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.responses import Response

from shared.auth.policy import Principal
from shared.faults import Flaw, Invalid, PreconditionRequired, Stale
from shared.storage.stored import Fingerprint

_NAMESPACE = UUID("5a9f1c52-7b0e-5d5c-9a53-1f0b0f6f2c11")  # of ids derived from a principal and a key; never changes
_ENTITY_TAG = re.compile(r'^(W/)?"([\x21\x23-\x7e]*)"$')
_SEQUENCE = re.compile(r"^[0-9]{1,16}$")
_KEY = re.compile(r"^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$")


async def _expected(if_match: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    """The sequence that the caller has read. Raises PreconditionRequired without the header, Stale for a tag that no
    answer has ever had, Invalid unless the header is one entity tag (RFC 9110 §13.1.1)."""
    if if_match is None:
        raise PreconditionRequired("Perubahan memerlukan If-Match berisi ETag dari jawaban terakhir.")
    match = _ENTITY_TAG.match(if_match.strip())
    if match is None:
        raise Invalid([Flaw("If-Match", "malformed", 'harus satu ETag dalam tanda kutip, misalnya "1764669900000"')])
    if match[1] or not _SEQUENCE.match(match[2]):
        raise Stale("If-Match tidak menyebut versi yang berlaku.")
    return int(match[2])


async def _key(idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str:
    """The caller's key. Raises Invalid when it is missing or malformed."""
    if idempotency_key is None:
        raise Invalid([Flaw("Idempotency-Key", "missing", "wajib ada pada setiap pembuatan")])
    key = idempotency_key.strip()
    if not _KEY.match(key):
        raise Invalid([Flaw("Idempotency-Key", "malformed", "harus 1 sampai 200 karakter ASCII yang tampak")])
    return key


IfMatch = Annotated[int, Depends(_expected)]
"""A route's parameter: the sequence that the caller has read, for `Store.change` as `expected`."""

IdempotencyKey = Annotated[str, Depends(_key)]
"""A route's parameter: the caller's key, for `idempotent_id`."""


def etag(response: Response, sequence: int) -> None:
    """Set the ETag to the version of the answered document."""
    response.headers["ETag"] = f'"{sequence}"'


def idempotent_id(principal: Principal, key: str) -> str:
    """The id of the document that this principal creates under this key; the same each time."""
    return str(uuid5(_NAMESPACE, json.dumps([principal.id, key])))


def fingerprint(body: BaseModel) -> Fingerprint:
    """The fingerprint of a request's body. The order of fields does not matter."""
    return Fingerprint(
        sent=_digest(body.model_dump(mode="json", exclude_unset=True)), whole=_digest(body.model_dump(mode="json"))
    )


def _digest(value: dict[str, Any]) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
