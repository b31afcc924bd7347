"""How people come in and are kept apart: invitation, sign-in, second factor, forgotten password, sessions, in a real
browser."""

from __future__ import annotations

import re
from uuid import uuid4

import pyotp
import pytest
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from shared.clock import machine_ms
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.people import PASSWORD, accounts_of, invited
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, PHONE, Look

pytestmark = pytest.mark.drawn(6)

ANOTHER = "payung-merah-di-pasar"


async def accept(page: Page) -> None:
    """Fill in the form of an invitation."""
    await page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    await page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    await page.get_by_role("button", name="Buat akun dan masuk").click()


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the form of the sign-in."""
    await page.get_by_label("Alamat surel").fill(email)
    await page.get_by_label("Kata sandi", exact=True).fill(password)
    await page.get_by_role("main").get_by_role("button", name="Masuk").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
async def test_a_person_accepts_an_invitation_signs_out_and_in_again(
    portal: PortalProcess, screen: Screen, javascript: bool
) -> None:
    email, path = invited(portal, Role.OPERATOR)
    page = await screen(path, look=Look(PHONE, "light", javascript))
    await page.get_by_role("button", name="Buat akun dan masuk").click()
    await expect(page.get_by_role("alert")).to_contain_text("Isi kata sandi yang baru.")

    await accept(page)
    await expect(page.get_by_role("heading", name="Pengelolaan")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("registry"))).to_contain_text("Siap")
    await page.get_by_role("button", name="Keluar").click()
    await expect(page.get_by_text("Anda sudah keluar.")).to_be_visible()

    await page.goto(f"{portal.url}/operator/sesi")
    await expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    await sign_in(page, email, ANOTHER)
    await expect(page.get_by_role("alert")).to_contain_text("salah")
    await sign_in(page, email)
    await expect(page.get_by_role("heading", name="Sesi yang terbuka")).to_be_visible()
    await page.goto(f"{portal.url}{path}")
    await expect(page.get_by_role("heading", name="Tautan ini tidak berlaku")).to_be_visible()


async def test_a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code(
    portal: PortalProcess, screen: Screen
) -> None:
    email, path = invited(portal)
    page = await screen(path)
    await accept(page)
    await page.goto(f"{portal.url}/akun/dua-langkah")
    secret = (await page.locator("ol code").inner_text()).replace(" ", "")
    await page.get_by_label("Kode dari aplikasi").fill("000000")
    await page.get_by_role("button", name="Nyalakan").click()
    await expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
    assert (await page.locator("ol code").inner_text()).replace(" ", "") == secret
    await page.get_by_label("Kode dari aplikasi").fill(pyotp.TOTP(secret).at(machine_ms() // 1000 - 30))
    await page.get_by_role("button", name="Nyalakan").click()
    codes = await page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    await axe(page)

    await page.get_by_role("button", name="Keluar").click()
    await sign_in(page, email)
    await expect(page.get_by_role("heading", name="Masukkan kode verifikasi")).to_be_visible()
    await page.goto(f"{portal.url}/akun")
    await expect(page.get_by_role("heading", name="Masuk")).to_be_visible()  # the password alone opens nothing
    await sign_in(page, email)
    await page.get_by_label("Kode", exact=True).fill(pyotp.TOTP(secret).at(machine_ms() // 1000))
    await page.get_by_role("button", name="Lanjutkan").click()
    await page.get_by_role("link", name="Akun", exact=True).click()
    await expect(page.get_by_role("definition").filter(has_text="Menyala")).to_be_visible()

    await page.get_by_role("button", name="Keluar").click()
    for code, right in ((codes[0], True), (codes[0], False)):
        await sign_in(page, email)
        await page.get_by_label("Kode", exact=True).fill(code)
        await page.get_by_role("button", name="Lanjutkan").click()
        if right:
            await page.get_by_role("button", name="Keluar").click()
        else:
            await expect(page.get_by_role("alert")).to_contain_text("sudah dipakai")


async def test_a_changed_password_ends_the_sessions_of_other_browsers(portal: PortalProcess, screen: Screen) -> None:
    email, path = invited(portal)
    page = await screen(path)
    await accept(page)
    other = await screen("/masuk")
    await sign_in(other, email)
    await other.goto(f"{portal.url}/akun")

    await page.goto(f"{portal.url}/akun/sandi")
    await page.get_by_label("Kata sandi yang sekarang").fill(PASSWORD)
    await page.get_by_label("Kata sandi baru", exact=True).fill(ANOTHER)
    await page.get_by_label("Ulangi kata sandi baru").fill(ANOTHER)
    await page.get_by_role("button", name="Simpan kata sandi").click()
    await expect(page.get_by_role("heading", name="Akun saya")).to_be_visible()
    await other.reload()
    await expect(other.get_by_role("heading", name="Masuk")).to_be_visible()


async def test_an_ended_session_is_over_in_its_browser(portal: PortalProcess, screen: Screen) -> None:
    email, path = invited(portal)
    page = await screen(path)
    await accept(page)
    other = await screen("/masuk")
    await sign_in(other, email)

    await page.goto(f"{portal.url}/akun")
    await page.get_by_role("button", name="Akhiri semua sesi lain").click()
    await expect(page.get_by_text("Semua sesi lain sudah diakhiri.")).to_be_visible()
    await other.goto(f"{portal.url}/akun")
    await expect(other.get_by_role("heading", name="Masuk")).to_be_visible()


async def test_a_link_to_choose_another_password_works_once(portal: PortalProcess, screen: Screen) -> None:
    email, path = invited(portal)
    page = await screen(path)
    await accept(page)
    owner = portal.do(accounts_of(portal).taken.owner(email))
    assert owner is not None
    link = portal.do(accounts_of(portal).resetting.link(owner.id, "test"))

    for works in (True, False):
        await page.goto(link)
        if works:
            await page.get_by_label("Kata sandi baru", exact=True).fill(ANOTHER)
            await page.get_by_label("Ulangi kata sandi baru").fill(ANOTHER)
            await page.get_by_role("button", name="Simpan kata sandi").click()
            await sign_in(page, email, ANOTHER)
            await expect(page.get_by_role("button", name="Keluar")).to_be_visible()
        else:
            await expect(page.get_by_role("heading", name="Tautan ini tidak berlaku")).to_be_visible()


async def test_a_curator_invites_an_agency_s_officer_and_hands_the_link_on(
    portal: PortalProcess, screen: Screen
) -> None:
    page = await screen("/pengguna/undangan/baru", Role.CURATOR)
    await page.get_by_role("button", name="Undang").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    email = f"{uuid4().hex[:8]}@contoh.example"
    await page.get_by_label("Nama", exact=True).fill("Budi Santoso")
    await page.get_by_label("Alamat surel").fill(email)
    await page.get_by_label("Perangkat daerah", exact=True).first.check()
    await page.get_by_label(re.compile("^Perangkat daerah")).last.select_option(portal.told.agencies["disdikbud"])
    await page.get_by_role("button", name="Undang").click()
    link = await page.get_by_label("Tautan").input_value()
    await axe(page)

    officer = await screen(link.removeprefix(portal.url))
    await accept(officer)
    await expect(officer).to_have_url(f"{portal.url}/opd")
    await page.goto(f"{portal.url}/pengguna")
    await page.get_by_role("link", name="Budi Santoso").first.click()
    await expect(page.get_by_role("main")).to_contain_text("Pendidikan")
    await page.get_by_role("button", name="Tutup akun").click()
    await expect(page.get_by_text("Akun sudah ditutup")).to_be_visible()
    await officer.reload()
    await expect(officer.get_by_role("heading", name="Masuk")).to_be_visible()


PAGES = (
    ("/masuk", None),
    ("/lupa-sandi", None),
    ("/lupa-sandi/terkirim", None),
    ("/lupa-sandi/baru?kode=x", None),
    ("/undangan?kode=x", None),
    ("/akun", Role.AGENCY),
    ("/akun/sandi", Role.EXECUTIVE),
    ("/akun/dua-langkah", Role.CURATOR),
    ("/pengguna", Role.CURATOR),
    ("/pengguna", Role.OPERATOR),
    ("/pengguna/undangan", Role.OPERATOR),
    ("/pengguna/undangan/baru", Role.OPERATOR),
    ("/operator", Role.OPERATOR),
    ("/operator/sesi", Role.OPERATOR),
)
LOOKS = tuple(Look(width, scheme) for width in (PHONE, DESK) for scheme in ("light", "dark"))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize(("path", "role"), PAGES)
async def test_a_page_of_accounts_is_accessible_and_no_wider_than_the_screen(
    screen: Screen, path: str, role: Role | None, look: Look
) -> None:
    page = await screen(path, role, look=look)

    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") == look.width
