"""Who may open which page, and whose forms are taken."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from services.portal.pages import csrf
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, form_of
from services.portal.pages.render import Pages
from services.portal.pages.session import session_of
from services.portal.pages.upload import FileForm
from shared.auth.policy import PRINCIPAL_KEY, Role
from shared.observability.actor import current
from shared.web.routes import Routes, get, post
from tests.support.portal.asked import ADDRESS, asking
from tests.support.portal.stand_in import person


class Some(Routes):
    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    @get("/semua", Role.PUBLIC)
    async def everybody(self, request: Request) -> Response:
        who = session_of(request)
        return PlainTextResponse(who.account if who else "nobody")

    @get("/kurator/{id}", Role.CURATOR)
    async def curators(self, request: Request) -> Response:
        return PlainTextResponse(f"{request.scope[PRINCIPAL_KEY].region} {current().role} {current().through}")

    @post("/kurator/{id}", Role.CURATOR)
    async def change(self, request: Request) -> Response:
        return redirect("/semua", form_of(request).text("nama"))

    @post("/ide", Role.PUBLIC)
    async def idea(self, request: Request) -> Response:
        return PlainTextResponse(form_of(request).text("judul"))

    @post("/berkas", Role.CURATOR, **FILE_FORM)
    async def file(self, request: Request) -> Response:
        form = await FileForm.read(request)
        size = sum([len(chunk) async for chunk in form.chunks()])
        return PlainTextResponse(f"{form.form.text('nomor')} {form.name} {size}")


def secret(role: Role = Role.CURATOR) -> str:
    return csrf.shown(person(role).csrf)


async def test_a_page_for_everybody_is_for_those_with_a_role_too() -> None:
    for role in (None, Role.AGENCY, Role.OPERATOR):
        async with asking(Some, role=role) as client:
            assert (await client.get("/semua")).text == (f"account-{role}" if role else "nobody")


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back() -> None:
    async with asking(Some) as client:
        answer = await client.get("/kurator/7?status=baru")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/masuk?ke=%2Fkurator%2F7%3Fstatus%3Dbaru"


async def test_a_form_without_a_session_leads_back_to_the_page_that_sent_it() -> None:
    async with asking(Some) as client:
        own = await client.post("/kurator/7", data={}, headers={"referer": f"{ADDRESS}/kurator/7"})
        foreign = await client.post("/kurator/7", data={}, headers={"referer": "http://elsewhere.test/kurator/8"})

    assert own.headers["location"] == "/masuk?ke=%2Fkurator%2F7"
    assert foreign.headers["location"] == "/masuk"


async def test_a_part_of_a_page_without_a_session_moves_the_whole_page() -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": f"{ADDRESS}/kurator/7"}
    async with asking(Some) as client:
        answer = await client.get("/kurator/7", headers=headers)

    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/masuk?ke=%2Fkurator%2F7")


async def test_another_role_gets_a_page_that_says_so() -> None:
    async with asking(Some, role=Role.AGENCY) as client:
        answer = await client.get("/kurator/7")

    assert answer.status_code == 403
    assert "Anda tidak berwenang" in answer.text
    assert "Siti Aminah" in answer.text


async def test_the_role_s_person_acts_in_the_audit() -> None:
    async with asking(Some, role=Role.CURATOR) as client:
        assert (await client.get("/kurator/7")).text == "61.12 curator GET /kurator/{id}"


async def test_a_form_needs_the_secret_of_its_session() -> None:
    async with asking(Some, role=Role.CURATOR) as client:
        statuses = [
            (await client.post("/kurator/7", data={"nama": "x", "csrf": given})).status_code
            for given in (secret(), "", "x", secret(Role.AGENCY), secret()[:-2])
        ]
        by_header = await client.post("/kurator/7", headers={"x-csrf-token": secret()})

    assert statuses == [303, 403, 403, 403, 403]
    assert by_header.status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": ADDRESS}, 200),
        ({"origin": "http://elsewhere.test"}, 403),
        ({"origin": "null"}, 403),
    ],
)
async def test_a_form_from_another_site_is_refused_also_without_a_session(headers: dict[str, str], status: int) -> None:
    async with asking(Some) as client:
        assert (await client.post("/ide", data={"judul": "x"}, headers=headers)).status_code == status


async def test_a_form_with_a_file_gives_its_fields_and_streams_the_file() -> None:
    file = {"berkas": ("C:\\surat\\bukti 1.pdf", b"x" * 300_000, "application/pdf")}
    async with asking(Some, role=Role.CURATOR) as client:
        right = await client.post("/berkas", data={"csrf": secret(), "nomor": "12/A"}, files=file)
        wrong = await client.post("/berkas", data={"csrf": "x", "nomor": "12/A"}, files=file)

    assert right.text == "12/A bukti 1.pdf 300000"
    assert wrong.status_code == 403


async def test_a_form_that_is_too_large_gets_a_page_that_says_so() -> None:
    async with asking(Some) as client:
        declared = await client.post("/ide", data={"judul": "x" * 3_000_000})

        async def chunks():  # noqa: ANN202
            for _ in range(30):
                yield b"x" * 100_000

        headers = {"content-type": "application/x-www-form-urlencoded"}
        undeclared = await client.post("/ide", content=chunks(), headers=headers)

    assert [declared.status_code, undeclared.status_code] == [413, 413]
    assert "Kiriman terlalu besar" in declared.text
    assert "Kiriman terlalu besar" in undeclared.text


async def test_an_unknown_path_and_a_wrong_method_get_a_page_and_programs_a_problem_document() -> None:
    async with asking(Some) as client:
        for path, status in (("/tidak-ada", 404), ("/ide", 405)):
            page = await client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
            problem = await client.get(path)
            assert (page.status_code, problem.status_code) == (status, status)
            assert "<h1>Halaman tidak ditemukan</h1>" in page.text
            assert problem.headers["content-type"] == "application/problem+json"


async def test_every_answer_names_its_own_nonce_and_forbids_inline_styles() -> None:
    async with asking(Some) as client:
        answers = [await client.get(path, headers={"accept": "text/html"}) for path in ("/semua", "/semua", "/x")]
    policies = [each.headers["content-security-policy"] for each in answers]

    assert len(set(policies)) == 3
    assert all("script-src 'nonce-" in each and "unsafe" not in each for each in policies)
    assert all("default-src 'none'" in each and "frame-ancestors 'none'" in each for each in policies)
