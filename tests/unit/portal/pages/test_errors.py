"""Errors as pages."""

from __future__ import annotations

from typing import ClassVar

import pytest
from starlette.requests import Request
from starlette.responses import Response

from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.faults import Conflict, Fault, Gone, NotFound, QuotaSpent, StoreAway
from shared.web.routes import Routes, get
from tests.support.portal.asked import asking


class Failing(Routes):
    error: ClassVar[Exception]

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    @get("/gagal", Role.PUBLIC)
    async def fail(self, _: Request) -> Response:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFound(), 404, "Halaman tidak ditemukan"),
        (Gone("Draf ini sudah dihapus."), 410, "Draf ini sudah dihapus."),
        (Conflict("Inovasi ini sudah diajukan."), 409, "Inovasi ini sudah diajukan."),
        (QuotaSpent("Hanya lima ide sehari.", retry_after=60), 429, "Hanya lima ide sehari."),
        (StoreAway("mongodb://secret.host"), 503, "Layanan sedang tidak dapat dijangkau"),
        (OwnerAway("registry", "ConnectError"), 503, "Layanan sedang tidak dapat dijangkau"),
        (OwnerProblem(412, {"type": "/problems/stale", "detail": "Versi lain."}), 412, "Sudah diubah orang lain"),
        (RuntimeError("a secret"), 500, "Terjadi kesalahan pada sistem"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_a_fault_is_a_page_in_plain_words(error: Exception, status: int, words: str) -> None:
    Failing.error = error
    async with asking(Failing) as client:
        answer = await client.get("/gagal")

    assert answer.status_code == status
    assert words in answer.text
    assert "secret" not in answer.text
    assert answer.text.count("<h1>") == 1
    if status == 500:
        assert answer.headers["x-correlation-id"] in answer.text


async def test_of_a_part_of_a_page_only_the_sentence_is_sent() -> None:
    Failing.error = Conflict("Sudah diajukan.")
    async with asking(Failing) as client:
        answer = await client.get("/gagal", headers={"HX-Request-Type": "partial"})

    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "Sudah diajukan." in answer.text


@pytest.mark.parametrize("error", [Fault(), NotFound(), Conflict()], ids=lambda error: type(error).__name__)
async def test_what_programmers_wrote_of_a_fault_is_not_shown(error: Fault) -> None:
    Failing.error = error
    async with asking(Failing) as client:
        assert (type(error).__doc__ or "?").strip() not in (await client.get("/gagal")).text


async def test_a_token_that_an_owner_refuses_leads_to_the_sign_in() -> None:
    Failing.error = OwnerProblem(401, {"type": "/problems/unauthenticated"})
    async with asking(Failing) as client:
        assert (await client.get("/gagal")).headers["location"] == "/masuk?ke=%2Fgagal"
