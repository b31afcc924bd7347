"""Maps faults to problem documents (RFC 9457) and to HTTP statuses; no other module does."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from shared import faults
from shared.faults import AlreadyExists, Away, ConfirmationNeeded, Fault, Flaw, Invalid, QuotaSpent

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[Fault], HTTPStatus] = {
    faults.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    faults.Forbidden: HTTPStatus.FORBIDDEN,
    faults.NotFound: HTTPStatus.NOT_FOUND,
    faults.Gone: HTTPStatus.GONE,
    faults.Conflict: HTTPStatus.CONFLICT,
    faults.Stale: HTTPStatus.PRECONDITION_FAILED,
    faults.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    faults.WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    faults.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    faults.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    faults.PreconditionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    faults.QuotaSpent: HTTPStatus.TOO_MANY_REQUESTS,
    faults.StorageLow: HTTPStatus.INSUFFICIENT_STORAGE,
    faults.Away: HTTPStatus.SERVICE_UNAVAILABLE,
}

_FLAWS_BYTES = 32 * 1024  # of one answer, whatever the flaws quote from the input
_FIELD, _MESSAGE, _INSTANCE = 200, 500, 2_000  # the most characters

_INTERNAL = (faults.StoreAway, faults.BusAway, faults.FilesAway)  # their details name hosts, files and libraries
_INTERNAL_DETAIL = "Layanan ini sedang tidak dapat menjangkau penyimpanannya; coba lagi sebentar lagi."

_TITLE: dict[HTTPStatus, str] = {
    HTTPStatus.UNAUTHORIZED: "Belum dikenali",
    HTTPStatus.FORBIDDEN: "Tidak berwenang",
    HTTPStatus.NOT_FOUND: "Tidak ditemukan",
    HTTPStatus.METHOD_NOT_ALLOWED: "Metode tidak dilayani",
    HTTPStatus.GONE: "Sudah tidak ada",
    HTTPStatus.CONFLICT: "Bertentangan dengan keadaan sekarang",
    HTTPStatus.PRECONDITION_FAILED: "Sudah diubah pihak lain",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Terlalu besar",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Jenis media tidak dilayani",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Isian belum benar",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match wajib ada",
    HTTPStatus.TOO_MANY_REQUESTS: "Batas pemakaian tercapai",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Kesalahan pada sistem",
    HTTPStatus.SERVICE_UNAVAILABLE: "Sedang tidak dapat dilayani",
    HTTPStatus.INSUFFICIENT_STORAGE: "Ruang penyimpanan hampir habis",
}


class ProblemFlaw(BaseModel):
    """One flaw of the input; field: a dotted path into the body, or a header's or parameter's name."""

    field: str = Field(examples=["profile.name"])
    code: str = Field(examples=["missing"])
    message: str = Field(examples=["wajib diisi"])


class Problem(BaseModel):
    """A problem document. type: stable, ends in the slug; flaws: of invalid input, all at once; if
    there are very many, the first ones and an entry with the code `more` that tells how many others there are; confirm:
    of a request that must be confirmed, its fields and the numbers that they must have; other: `id` and `name` of what
    exists already."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    instance: str | None = None
    flaws: list[ProblemFlaw] = Field(default_factory=list)
    confirm: dict[str, int] | None = None
    other: dict[str, str] | None = None


def status_of(fault: Fault) -> HTTPStatus:
    """The HTTP status of a fault; 500 for a fault that the caller did not cause."""
    for kind in type(fault).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def title_of(status: HTTPStatus) -> str:
    """The title of a problem, in Bahasa Indonesia where agencies may see it."""
    return _TITLE.get(status, status.phrase)


def problem(
    status: HTTPStatus,
    slug: str,
    detail: str,
    *,
    instance: str | None = None,
    flaws: Sequence[Flaw] = (),
    more: int = 0,
    confirm: Mapping[str, int] | None = None,
    other: Mapping[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer with a problem document. more: flaws that were found and are not in `flaws`; confirm: numbers that the
    caller must confirm; other: what exists already."""
    document: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title_of(status),
        "status": int(status),
        "detail": detail,
    }
    if instance is not None and len(instance) <= _INSTANCE:
        document["instance"] = instance
    if flaws:
        document["flaws"] = _listed(flaws, more)
    if confirm:
        document["confirm"] = dict(confirm)
    if other:
        document["other"] = dict(other)
    return Response(
        json.dumps(document, ensure_ascii=True), status_code=int(status), media_type=MEDIA_TYPE, headers=headers
    )


def problem_of(fault: Fault, *, instance: str | None = None) -> Response:
    """The answer to a fault. `Retry-After` is set while a dependency is unavailable, `WWW-Authenticate` without a valid
    token. Internal details (hosts, files, libraries) are left out; the log and `/health/ready` of the
    operators' address have them."""
    status = status_of(fault)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return broken(instance=instance)
    headers: dict[str, str] = {}
    if isinstance(fault, Away | QuotaSpent):
        headers["Retry-After"] = str(fault.retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(fault, Invalid):
        return invalid(fault, instance=instance)
    detail = _INTERNAL_DETAIL if isinstance(fault, _INTERNAL) else fault.detail
    confirm = fault.confirm if isinstance(fault, ConfirmationNeeded) else None
    other = fault.other if isinstance(fault, AlreadyExists) else None
    return problem(status, fault.slug, detail, instance=instance, confirm=confirm, other=other, headers=headers)


def invalid(fault: Invalid, *, instance: str | None = None) -> Response:
    """The answer to invalid input. What is wrong is in `flaws`, and not again in `detail`."""
    count = len(fault.flaws) + fault.more
    detail = fault.detail if fault.explained else f"Ada {count} isian yang belum benar; rinciannya pada flaws."
    status = status_of(fault)
    return problem(status, fault.slug, detail, instance=instance, flaws=fault.flaws, more=fault.more)


def _listed(flaws: Sequence[Flaw], more: int) -> list[dict[str, str]]:
    """The flaws as JSON, as many as fit into an answer, and the number of the others."""
    listed: list[dict[str, str]] = []
    size = 0
    for number, flaw in enumerate(flaws):
        entry = {"field": flaw.field[:_FIELD], "code": flaw.code, "message": flaw.message[:_MESSAGE]}
        size += len(json.dumps(entry))
        if size > _FLAWS_BYTES:
            more += len(flaws) - number
            break
        listed.append(entry)
    if more:
        listed.append({"field": "", "code": "more", "message": f"dan {more} lainnya"})
    return listed


def not_allowed(methods: Collection[str], *, instance: str) -> Response:
    """The answer to an unsupported method; `Allow` lists the supported ones (RFC 9110 §15.5.6)."""
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Alamat ini tidak melayani metode itu; lihat Allow.",
        instance=instance,
        headers={"Allow": ", ".join(sorted(methods))},
    )


def broken(*, instance: str | None = None) -> Response:
    """The answer to an unexpected error. It shows no internal detail, only how to find the error in the log."""
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "broken",
        "Terjadi kesalahan pada sistem. Sebutkan X-Correlation-Id jawaban ini kepada operator.",
        instance=instance,
    )
