"""The journey of each role by keyboard alone, with JavaScript and without: nothing is clicked, nothing gets the focus
but by Tab, and at every step one sees where the focus is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.bureau import Bureau
from tests.support.portal.keyboard import Keyboard
from tests.support.portal.pages_of_role import APART, ROLES, paths
from tests.support.portal.people import PASSWORD, accounts_of, invited
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, Look
from tests.support.portal.submissions import asked, submitted
from tests.support.precheck.pdfs import pdf_of
from tests.support.registry_samples import valid_profile
from tests.support.small_files import PDF_FILE


@dataclass
class Visit:
    """A browser of one person. open: a page, signed in as a role or as nobody."""

    portal: PortalProcess
    open: Callable[..., Awaitable[Page]]
    javascript: bool


async def agency(visit: Visit) -> None:
    """Sign in, draft, answer, prove, submit, get the receipt."""
    async with Bureau(visit.portal) as bureau:
        own = await bureau.new_agency()
        page = await visit.open("/masuk")
        keys = Keyboard(page)
        await keys.write("Alamat surel", accepted(visit.portal, own))
        await keys.write("Kata sandi", PASSWORD)
        await page.keyboard.press("Enter")
        await heading(page, "Tugas perangkat daerah")
        await keys.press("Mulai inovasi baru", "link")
        await heading(page, "Inovasi baru")
        await keys.write("Nama inovasi", "Tanpa Tetikus")
        await page.keyboard.press("Enter")
        await heading(page, "Tanpa Tetikus")
        draft = page.url.rpartition("/")[2].partition("?")[0]

        path = f"/registry/v1/innovations/{draft}"
        profile = valid_profile(name="Tanpa Tetikus", initiator=None, purpose=None)
        await bureau.officer(own).change("PUT", path, {"profile": profile}, of=path)
        await page.reload()
        await answered(page, keys)
        await proved(page, keys)
        await keys.press("Periksa dan ajukan", "link")
        await heading(page, "Periksa dan ajukan")
        await keys.press("Ajukan sekarang", "button")
        await heading(page, "Inovasi sudah diajukan")
        assert (await bureau.innovation(draft))["status"] == "submitted"


def accepted(portal: PortalProcess, own: str) -> str:
    """The address of a new officer of an agency, who has chosen a password."""
    email, link = invited(portal, Role.AGENCY, (own,))
    portal.do(accounts_of(portal).inviting.accept(link.partition("kode=")[2], "Siti Aminah", PASSWORD))
    return email


async def answered(page: Page, keys: Keyboard) -> None:
    """Two steps of the profile, from the list of tasks and back."""
    await keys.press("Inisiator dan klasifikasi", "link")
    await heading(page, "Inisiator dan klasifikasi")
    await keys.choose("Inisiator", "OPD")
    await keys.press("Simpan dan kembali ke daftar tugas", "button")
    await heading(page, "Tanpa Tetikus")
    await keys.press("Tujuan, manfaat, dan hasil", "link")
    await heading(page, "Tujuan, manfaat, dan hasil")
    await keys.write("Tujuan inovasi", "Contoh.")
    await keys.press("Simpan dan kembali ke daftar tugas", "button")
    await heading(page, "Tanpa Tetikus")


async def proved(page: Page, keys: Keyboard) -> None:
    """The level of an indicator, and a file."""
    await keys.press("16 ", "link")
    await heading(page, "16 ")
    await keys.choose("Level", "Level 2")
    await keys.press("Simpan dan kembali ke daftar tugas", "button")
    await heading(page, "Tanpa Tetikus")
    await keys.press("16 ", "link")
    await heading(page, "16 ")
    chooser = await keys.chooser("Tambah berkas")
    letter = pdf_of(["KEPUTUSAN BUPATI", "NOMOR 188.45/12/2025"])
    await chooser.set_files({"name": "SK (contoh).pdf", "mimeType": "application/pdf", "buffer": letter})
    await keys.press("Unggah", "button")
    await expect(page.locator(".evidence-file")).to_contain_text("SK (contoh).pdf")
    await keys.press("Simpan dan kembali ke daftar tugas", "button")
    await heading(page, "Tanpa Tetikus")


async def verification(visit: Visit) -> None:
    """From the queue to a decision, row by row, with the evidence beside it."""
    id = submitted(visit.portal, f"Papan Ketik {uuid4().hex[:6]}", files={"16": PDF_FILE})
    page = await visit.open("/kurator/antrean", Role.CURATOR)
    keys = Keyboard(page)
    name = asked(visit.portal, f"/registry/v1/innovations/{id}")["profile"]["name"]
    await keys.press(name, "link")
    await heading(page, name)
    await keys.press("Lihat 1 bukti di samping", "link")
    await expect(
        page.frame_locator("iframe[name=bukti]").get_by_role("heading", name="surat keputusan.pdf")
    ).to_be_visible()
    await keys.choose("16", "2")
    await keys.choose("17", "3")
    await keys.press("Verifikasi", "button")
    await heading(page, "Keputusan tersimpan")
    kept = asked(visit.portal, f"/registry/v1/innovations/{id}")
    assert kept["status"] == "verified"
    assert {row: each["verified_level"] for row, each in kept["evidence"].items()} == {"16": 2, "17": 3}


async def remarks(visit: Visit) -> None:
    """Return a submission with a remark about one row."""
    id = submitted(visit.portal, f"Kembali Lewat Papan Ketik {uuid4().hex[:6]}")
    page = await visit.open(f"/kurator/inovasi/{id}", Role.CURATOR)
    keys = Keyboard(page)
    await keys.press("Catatan (17)", "summary")
    await keys.write("Catatan untuk perangkat daerah tentang indikator 17", "Surat belum menyebut peran.")
    await keys.press("Kembalikan dengan catatan", "button")
    await heading(page, "Keputusan tersimpan")
    assert asked(visit.portal, f"/registry/v1/innovations/{id}")["comments"] == {"17": "Surat belum menyebut peran."}


async def executive(visit: Visit) -> None:
    """The overview, the figures of a picture as a table, the file for paper."""
    page = await visit.open("/pimpinan", Role.EXECUTIVE)
    keys = Keyboard(page)
    await keys.press("Angka dalam tabel", "summary")
    await expect(page.locator("details[open] table").first).to_be_visible()
    await keys.to("Unduh ringkasan (PDF)", "link")
    async with page.expect_download() as saved:
        await page.keyboard.press("Enter")
    assert (await saved.value).suggested_filename.endswith(".pdf")


async def public(visit: Visit) -> None:
    """Search, filter, read, see a freeze, hand in an idea."""
    page = await visit.open("/")
    keys = Keyboard(page)
    await keys.write("Cari inovasi yang sudah terverifikasi", "spi")
    await page.keyboard.press("Enter")
    await heading(page, "Katalog inovasi")
    await keys.press("Saring hasil", "summary")
    await keys.to("Urusan utama", "field")
    await page.keyboard.type("Perencanaan")
    await keys.press("Terapkan", "button")
    await expect(page.get_by_text("Saringan (1 dipilih)")).to_be_visible()
    await keys.press("Spirit", "link")
    await heading(page, "Spirit")
    await keys.press("Peringkat", "link", back=visit.javascript)
    await heading(page, "Peringkat inovasi")
    await keys.press("Dibekukan", "link")
    await heading(page, "Peringkat yang dibekukan")
    await keys.press("Lomba Inovasi Daerah", "link")
    await heading(page, "Lomba Inovasi Daerah")
    await keys.to("Piagam (PDF)", "link")
    await keys.press("Usulkan ide", "link", back=True)
    await heading(page, "Usulkan ide")
    await keys.write("Judul", "Tangga yang landai (contoh)")
    await keys.write("Gagasan", "Warga berkursi roda masuk sendiri ke kantor camat (contoh).")
    await keys.press("Kirim gagasan", "button")
    await heading(page, "Gagasan Anda")


async def operator(visit: Visit) -> None:
    """Invite somebody, and take the invitation back."""
    page = await visit.open("/operator", Role.OPERATOR)
    keys = Keyboard(page)
    await keys.press("Undangan", "link")
    await heading(page, "Pengguna")
    await keys.press("Undang pengguna", "link")
    await heading(page, "Undang pengguna")
    await keys.write("Nama", "Budi Santoso")
    await keys.write("Alamat surel", f"{uuid4().hex[:8]}@contoh.example")
    await keys.choose("Peran", "Pimpinan")
    await keys.write("Kode daerah", visit.portal.told.code)
    await page.keyboard.press("Enter")
    await heading(page, "Undangan untuk Budi Santoso")
    await keys.press("Batalkan undangan", "button")
    await expect(page.locator("#kabar")).to_contain_text("dibatalkan")


JOURNEYS: Mapping[str, Callable[[Visit], Awaitable[None]]] = {
    each.__name__: each for each in (agency, verification, remarks, executive, public, operator)
}


@pytest.mark.sampled(2)
@pytest.mark.timeout(180)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("journey", JOURNEYS)
async def test_a_journey_by_keyboard_alone(
    portal: PortalProcess, screen: Screen, journey: str, *, javascript: bool
) -> None:
    async def opened(path: str, role: Role | None = None) -> Page:
        return await screen(path, role, look=Look(DESK, javascript=javascript))

    await JOURNEYS[journey](Visit(portal, opened, javascript))


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_tab_goes_through_every_page_and_back(screen: Screen, portal: PortalProcess, role: Role | None) -> None:
    own = (portal.told.agencies["setda"],) if role is Role.AGENCY else ()
    page = await screen("", role, *own)
    wrong: dict[str, list[str]] = {}
    for path in (each for each in paths(role, portal.told) if not APART.search(each)):
        await page.goto(f"{portal.url}{path}")
        if found := await Keyboard(page).round():
            wrong[path] = found

    assert wrong == {}


async def test_the_head_of_the_board_covers_nothing_that_has_the_focus(screen: Screen) -> None:
    page = await screen("/kurator/kepatuhan", Role.CURATOR, look=Look(DESK))
    await page.set_viewport_size({"width": DESK, "height": 240})

    assert await Keyboard(page).round() == []


async def test_a_focus_that_is_covered_or_does_not_show_is_found(screen: Screen) -> None:
    page = await screen("/")
    await page.evaluate("document.querySelector('#q').style.cssText = 'outline: none; box-shadow: none'")
    await page.evaluate(
        "document.querySelector('.doors a').insertAdjacentHTML('afterend', '<div id=over></div>'),"
        "document.querySelector('#over').style.cssText = 'position: fixed; inset: 0 0 50% 0'"
    )

    with pytest.raises(AssertionError, match="not seen"):
        await Keyboard(page).to("q", back=True)
    await page.evaluate("document.querySelector('#over').remove()")
    with pytest.raises(AssertionError, match="does not show"):
        await Keyboard(page).to("q", "field", back=True)


async def heading(page: Page, text: str) -> None:
    """Wait for the page that comes."""
    await expect(page.get_by_role("heading", level=1)).to_contain_text(text)
