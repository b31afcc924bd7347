"""The pages of accounts over HTTP: cookies, secrets of forms, who may see what, and what an answer tells."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from services.portal.accounts.application import Accounts
from services.portal.accounts.proofs.limiter import Limiter
from services.portal.accounts.session import Step, id_of
from services.portal.choice.chooser import AgencyChooser
from services.portal.model.model import Model
from services.portal.model.views.freshness import Freshness
from services.portal.pages.app import pages_app
from services.portal.pages.assets import Assets
from services.portal.pages.context import Context
from services.portal.pages.environment import environment
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.ports.store import Store
from tests.support.accounts.office import ANOTHER, PASSWORD, Mailbox, code_in, invite, person

EMAIL = "siti@dinas.example"
ADDRESS = "https://inovasi.example"


def nowhere(_service: str) -> str:
    return "http://127.0.0.1:1"


@pytest.fixture
async def browser(accounts: Accounts, store: Store) -> AsyncIterator[httpx2.AsyncClient]:
    """Not signed in; it keeps cookies, and does not follow redirections."""
    assets = Assets()
    pages = Pages(environment(), Context(assets))
    agencies = AgencyChooser(Model(store, lambda: Freshness(building=False, as_of=None)))
    app = pages_app(accounts.pages(pages, agencies, nowhere), pages, assets, accounts.sessions, secure=True)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield client


async def sign_in(browser: httpx2.AsyncClient, email: str = EMAIL, **more: str) -> httpx2.Response:
    return await browser.post("/masuk", data={"surel": email, "sandi": PASSWORD, **more})


async def act(browser: httpx2.AsyncClient, path: str, form_at: str = "/akun", **fields: str) -> httpx2.Response:
    """Send a form with the secret that another page shows."""
    shown = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(form_at)).text)
    assert shown is not None
    return await browser.post(path, data={"csrf": shown[1], **fields})


async def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(
    accounts: Accounts, browser: httpx2.AsyncClient
) -> None:
    await person(accounts, EMAIL)
    answer = await sign_in(browser)
    cookie = answer.headers["set-cookie"]

    assert (answer.status_code, answer.headers["location"]) == (303, "/kurator")
    assert cookie.startswith("__Host-satu=")
    assert {each.strip().lower() for each in cookie.split(";")[1:]} == {
        *("httponly", "secure", "path=/", "samesite=lax", "max-age=604800")
    }


async def test_a_cookie_from_before_the_sign_in_is_never_kept(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    await person(accounts, EMAIL)
    planted = "x" * 43
    browser.cookies.set("__Host-satu", planted, domain="inovasi.example")
    answer = await sign_in(browser)

    assert planted not in answer.headers["set-cookie"]
    assert await accounts.sessions.of(planted) is None


async def test_a_second_sign_in_ends_the_session_before_it(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    account = await person(accounts, EMAIL)
    await sign_in(browser)
    former = browser.cookies["__Host-satu"]
    await act(browser, "/masuk", surel=EMAIL, sandi=PASSWORD)

    assert await accounts.sessions.of(former) is None
    assert len(await accounts.sessions.of_account(account)) == 1


@pytest.mark.parametrize("email", [EMAIL, "nobody@dinas.example"])
async def test_a_refusal_does_not_tell_whether_there_is_such_an_account(
    accounts: Accounts, browser: httpx2.AsyncClient, email: str
) -> None:
    await person(accounts, EMAIL)
    texts = []
    for _ in range(6):
        answer = await browser.post("/masuk", data={"surel": email, "sandi": ANOTHER})
        texts.append((answer.status_code, answer.text.replace(email, "")))

    assert {status for status, _ in texts} == {422}
    assert "Alamat surel atau kata sandi salah." in texts[0][1]
    assert "Coba lagi dalam 1 menit." in texts[5][1]
    assert "set-cookie" not in answer.headers
    assert ANOTHER not in texts[0][1], "a page never shows a password again"


@pytest.mark.parametrize(
    ("to", "there"),
    [
        ("/kurator/antrean?after=x", "/kurator/antrean?after=x"),
        ("//evil.example", "/kurator"),
        ("https://evil.example", "/kurator"),
        ("/\\evil.example", "/kurator"),
        ("", "/kurator"),
    ],
)
async def test_the_sign_in_leads_on_within_the_portal_only(
    accounts: Accounts, browser: httpx2.AsyncClient, to: str, there: str
) -> None:
    await person(accounts, EMAIL)

    assert (await sign_in(browser, ke=to)).headers["location"] == there


@pytest.mark.parametrize("secret", ["", "wrong", "of another session"])
async def test_a_form_without_the_session_s_secret_changes_nothing(
    accounts: Accounts, browser: httpx2.AsyncClient, secret: str
) -> None:
    account = await person(accounts, EMAIL)
    await sign_in(browser)
    answer = await browser.post("/akun/sesi/akhiri-semua", data={"csrf": secret})
    out = await browser.post("/keluar", data={"csrf": secret})

    assert (answer.status_code, out.status_code) == (403, 403)
    assert len(await accounts.sessions.of_account(account)) == 1


async def test_a_form_from_another_site_signs_nobody_in(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    await person(accounts, EMAIL)
    form = {"surel": EMAIL, "sandi": PASSWORD}
    answer = await browser.post("/masuk", data=form, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_reading_a_page_changes_nothing(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    for _ in range(2):
        assert (await browser.get(invited.link)).status_code == 200, "a scanner of mails opens links"
    assert (await browser.get("/keluar")).status_code == 405


@pytest.mark.parametrize("role", [Role.AGENCY, Role.EXECUTIVE])
@pytest.mark.parametrize(
    "path", ["/pengguna", "/pengguna/undangan", "/pengguna/undangan/baru", "/operator", "/operator/sesi"]
)
async def test_who_manages_nobody_sees_no_accounts(
    accounts: Accounts, browser: httpx2.AsyncClient, role: Role, path: str
) -> None:
    await person(accounts, EMAIL, role)
    await sign_in(browser)

    assert (await browser.get(path)).status_code == 403


@pytest.mark.parametrize("role", [Role.AGENCY, Role.CURATOR, Role.OPERATOR])
@pytest.mark.parametrize("act_on", ["", "/ubah", "/tutup", "/buka", "/keluarkan", "/hapus-dua-langkah", "/atur-ulang"])
async def test_a_curator_reaches_no_account_of_another_region_or_role(
    accounts: Accounts, browser: httpx2.AsyncClient, role: Role, act_on: str
) -> None:
    region = "61.71" if role is Role.AGENCY else "61.12" if role is Role.CURATOR else None
    other = await person(accounts, "budi@dinas.example", role, region)
    await person(accounts, EMAIL)
    await sign_in(browser)
    path = f"/pengguna/{other.id}{act_on}"

    answer = await (act(browser, path) if act_on else browser.get(path))
    unknown = await (act(browser, f"/pengguna/unknown{act_on}") if act_on else browser.get("/pengguna/unknown"))
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert (await accounts.managing.get(other.id)).sequence == other.sequence


async def test_a_curator_s_list_has_no_account_of_another_region(
    accounts: Accounts, browser: httpx2.AsyncClient
) -> None:
    await person(accounts, "there@dinas.example", Role.AGENCY, "61.71")
    await invite(accounts, "invited@dinas.example", Role.AGENCY, "61.71")
    await person(accounts, EMAIL)
    await sign_in(browser)

    for path in ("/pengguna", "/pengguna?daerah=61.71", "/pengguna/undangan"):
        text = (await browser.get(path)).text
        assert "61.71" not in text.replace("daerah=61.71", "")
        assert "t•••@" not in text


@pytest.mark.parametrize(
    ("peran", "daerah", "made"),
    [("agency", "61.71", "61.12"), ("curator", "61.12", None), ("operator", "", None), ("public", "", None)],
)
async def test_a_curator_invites_into_the_own_region_and_to_lower_roles_only(
    accounts: Accounts, browser: httpx2.AsyncClient, peran: str, daerah: str, made: str | None
) -> None:
    await person(accounts, EMAIL)
    await sign_in(browser)
    fields = {"nama": "Budi", "surel": "budi@dinas.example", "peran": peran, "daerah": daerah, "perangkat": "a-1"}
    answer = await act(browser, "/pengguna/undangan/baru", **fields, kunci="k")

    invitations = (await accounts.inviting.page(None, limit=50, after=None)).items
    assert answer.status_code == (303 if made else 422)
    assert [each.value.region for each in invitations] == ([made] if made else [])


async def test_a_form_that_is_sent_twice_invites_once_and_shows_the_link_to_its_sender_alone(
    accounts: Accounts, browser: httpx2.AsyncClient
) -> None:
    await person(accounts, EMAIL)
    await sign_in(browser)
    fields = {"nama": "Budi", "surel": "budi@dinas.example", "peran": "executive", "kunci": "k"}
    places = {(await act(browser, "/pengguna/undangan/baru", **fields)).headers["location"] for _ in range(2)}

    (place,) = places
    assert "kode=" not in place
    assert "/undangan?kode=" in (await browser.get(place)).text
    colleague = await person(accounts, "tuti@dinas.example")
    cookie = await accounts.sessions.begin(colleague, Step.OPEN)
    browser.cookies.clear()
    browser.cookies.set("__Host-satu", cookie, domain="inovasi.example")
    assert "kode=" not in (await browser.get(place)).text


async def test_a_session_is_ended_only_by_its_owner(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    other = await person(accounts, "budi@dinas.example", Role.AGENCY)
    cookie = await accounts.sessions.begin(other, Step.OPEN)
    await person(accounts, EMAIL)
    await sign_in(browser)
    await act(browser, "/akun/sesi/akhiri", sesi=id_of(cookie))

    assert await accounts.sessions.of(cookie)


async def test_no_page_is_kept_by_the_browser_of_whoever_is_signed_in(
    accounts: Accounts, browser: httpx2.AsyncClient
) -> None:
    await person(accounts, EMAIL)
    await sign_in(browser)
    answer = await browser.get("/akun")

    assert answer.headers["cache-control"] == "no-store"
    assert EMAIL in answer.text
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("email", [EMAIL, "nobody@dinas.example", "x" * 300, "no address"])
async def test_who_asks_for_a_new_password_learns_nothing(
    mailing: Accounts, outbox: Mailbox, accounts: Accounts, browser: httpx2.AsyncClient, email: str
) -> None:
    await person(accounts, EMAIL)
    answer = await browser.post("/lupa-sandi", data={"surel": email})

    assert (answer.status_code, answer.headers["location"]) == (303, "/lupa-sandi/terkirim")


async def test_a_mailed_code_is_accepted_by_the_page(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    invited = await invite(accounts, EMAIL, Role.EXECUTIVE)
    assert invited.link is not None
    form = {"kode": code_in(invited.link), "nama": " Bu Siti ", "sandi": PASSWORD, "ulangi": PASSWORD}
    for wrong in ({"ulangi": ANOTHER}, {"sandi": "pendek", "ulangi": "pendek"}, {"nama": "\u200b"}, {"nama": ""}):
        assert (await browser.post("/undangan", data=form | wrong)).status_code == 422
    answer = await browser.post("/undangan", data=form)

    assert answer.headers["location"] == "/pimpinan"
    assert "Bu Siti" in (await browser.get("/akun")).text
    assert (await browser.post("/undangan", data=form)).status_code in {403, 404}


FORMS = (
    *("/masuk", "/masuk/kode", "/keluar", "/lupa-sandi", "/lupa-sandi/baru", "/undangan", "/akun/sandi"),
    *("/akun/dua-langkah", "/akun/dua-langkah/pemulihan", "/akun/dua-langkah/hapus", "/akun/sesi/akhiri"),
    *("/pengguna/undangan/baru", "/pengguna/x/ubah", "/pengguna/x/tutup", "/pengguna/undangan/x/ulang"),
)
FIELDS = (
    *("surel", "sandi", "ulangi", "lama", "kode", "nama", "peran", "daerah", "perangkat", "kunci", "rahasia", "ke"),
    "sesi",
)
ODD = (
    *("", " ", "x" * 5_000, "\x00", "\u202e", "a\r\nb", "é" * 300, "../..", "<b>", "61.12", "agency", "%ff", "😀"),
    *(".", "a.b"),
)


async def test_no_form_breaks_whatever_it_is_sent(accounts: Accounts, browser: httpx2.AsyncClient) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    await person(accounts, EMAIL)
    await sign_in(browser)
    accounts.signing_in._limiter = Limiter(1_000, 600.0)
    for path in FORMS * 3:
        fields = {name: dice.choice(ODD) for name in FIELDS if dice.random() < 0.8}
        if "__Host-satu" not in browser.cookies:
            await sign_in(browser)
        answer = await act(browser, path, **fields)
        assert answer.status_code < 500, (path, fields, answer.text[-300:])
