"""The frame of every page and its parts: accessible, usable by keyboard and without JavaScript, light."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, Response

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe, violations
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, PHONE, Look, faults_of, holds

pytestmark = pytest.mark.drawn(12)

FIRST_LOAD, JAVASCRIPT, LATER = 60_000, 20_000, 12_000  # bytes transferred


@pytest.mark.sampled(2)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("path", ["/", "/gaya", "/gaya/formulir", "/gaya/menunggu", "/tidak-ada"])
async def test_a_page_is_accessible_and_no_wider_than_the_screen(screen: Screen, path: str, look: Look) -> None:
    page = await screen(path, Role.AGENCY, look=look)

    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") == look.width


async def test_axe_finds_what_is_wrong(screen: Screen) -> None:
    page = await screen("/gaya/formulir")
    await page.evaluate("document.querySelector('label').remove()")

    assert [each for each in await violations(page) if each.startswith("label:")] != []


async def test_the_first_tab_leads_to_the_skip_link_and_it_to_the_content(screen: Screen) -> None:
    page = await screen("/", Role.CURATOR)

    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip-link"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_every_control_can_be_reached_by_tab_and_shows_that_it_has_the_focus(screen: Screen) -> None:
    page = await screen("/gaya", Role.AGENCY)
    await page.evaluate("document.activeElement.blur()")
    controls = await page.locator("main :is(a[href], button, input, select, textarea, summary)").count()

    seen: set[str] = set()
    for _ in range(controls + 12):
        await page.keyboard.press("Tab")
        seen.add(
            await page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                return [e.tagName, e.id || e.textContent.trim().slice(0, 20), e.matches(":focus-visible"),
                s.outlineStyle !== "none" || s.boxShadow !== "none"].join("|"); }"""
            )
        )

    assert controls > 20
    without = [each for each in seen if each.endswith("|false") and not each.startswith(("BODY", "INPUT|applied"))]
    assert without == []  # within a date's field the browser shows the focus itself
    assert {"INPUT|opd|true|true", "TEXTAREA|reason|true|true", "SELECT|affair|true|true"} <= seen


# --- The focus after a swap ---


async def test_a_link_moves_the_focus_to_the_heading_and_changes_title_and_address(screen: Screen) -> None:
    page = await screen("/gaya")
    async with page.expect_response(lambda answer: answer.url.endswith("/gaya/formulir")) as sent:
        await page.get_by_role("link", name="Terlambat").click()
    await page.wait_for_url("**/gaya/formulir")

    assert (await (await sent.value).request.all_headers())["hx-request"] == "true"
    await holds(page, "document.activeElement.tagName === 'H1'")
    assert await page.title() == "Formulir contoh – Satu Inovasi"


async def test_the_way_back_restores_the_page_and_moves_the_focus_to_its_beginning(screen: Screen) -> None:
    page = await screen("/gaya")
    await page.get_by_role("link", name="Terlambat").click()
    await holds(page, "document.activeElement.textContent === 'Formulir contoh'")
    await page.go_back()

    await page.get_by_role("heading", name="Bagian-bagian halaman").wait_for()
    await holds(page, "document.activeElement.matches('.error-summary')")  # that page begins with one


async def test_a_refused_form_moves_the_focus_to_the_error_summary_and_its_link_to_the_field(screen: Screen) -> None:
    page = await screen("/gaya/formulir", Role.AGENCY)
    await page.fill("#purpose", "Melayani lebih cepat")
    await page.get_by_role("button", name="Simpan").click()

    await holds(page, "document.activeElement.className === 'error-summary'")
    await page.get_by_role("link", name="Wajib diisi.").press("Enter")
    assert await page.evaluate("document.activeElement.id") == "name"
    assert await page.input_value("#purpose") == "Melayani lebih cepat"
    assert page.url.partition("#")[0].endswith("/gaya/formulir")


async def test_an_accepted_form_moves_the_focus_to_its_sentence(screen: Screen) -> None:
    page = await screen("/gaya/formulir", Role.AGENCY)
    await page.fill("#name", "Sinergi Kreasi")
    await page.get_by_role("button", name="Simpan").click()

    await holds(page, "document.activeElement.id === 'kabar'")
    assert "Tersimpan." in await page.locator("#kabar").inner_text()


async def test_a_part_that_comes_by_itself_asks_until_it_is_there_and_takes_no_focus(screen: Screen) -> None:
    page = await screen("/gaya/menunggu")
    await page.get_by_role("heading", name="Skor sudah ada").wait_for(timeout=20_000)

    assert await page.evaluate("document.activeElement === document.body")


async def test_a_lost_focus_is_found(screen: Screen) -> None:
    page = await screen("/gaya/formulir")
    await page.focus("#name")
    await page.evaluate(
        """htmx.trigger(document.body, "htmx:before:swap"), htmx.trigger(document.body, "htmx:after:swap", {ctx: {}}),
        document.activeElement.blur()"""
    )
    while not (found := faults_of(page)):
        await page.wait_for_timeout(20)

    assert "the focus was lost after a swap" in found[0]
    page.faults.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [None, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE], ids=str)
async def test_every_link_of_the_main_menu_moves_the_focus_to_the_page_that_comes(
    screen: Screen, role: Role | None
) -> None:
    page = await screen("/gaya", role)
    names = await page.locator(".nav-list a").all_inner_texts()
    assert len(names) > 1
    for name in names:
        await page.locator(".nav-list").get_by_role("link", name=name, exact=True).click()
        await page.locator(".nav-list [aria-current=page]").get_by_text(name, exact=True).wait_for()
        await holds(page, "document.activeElement.matches('h1, [data-focus]')")


# --- Without JavaScript, and with a bad signal ---


async def test_a_form_works_without_javascript(screen: Screen) -> None:
    page = await screen("/gaya/formulir", Role.AGENCY, look=Look(PHONE, javascript=False))
    await page.get_by_role("button", name="Simpan").click()
    assert "Wajib diisi." in await page.locator(".error-summary").inner_text()
    await page.fill("#name", "Sinergi Kreasi")
    await page.get_by_role("button", name="Simpan").click()

    assert "Tersimpan." in await page.locator("#kabar").inner_text()


async def test_unsent_input_survives_a_lost_connection_and_is_forgotten_once_it_was_accepted(screen: Screen) -> None:
    page = await screen("/gaya/formulir", Role.AGENCY)
    await page.fill("#name", "Sinergi Kreasi")
    await page.context.set_offline(offline=True)
    await page.get_by_role("button", name="Simpan").click()
    await page.get_by_text("Sambungan terputus").wait_for()
    await page.context.set_offline(offline=False)
    await page.reload()
    assert await page.input_value("#name") == "Sinergi Kreasi"
    await page.get_by_role("button", name="Simpan").click()
    await page.locator("#kabar").wait_for()
    await page.goto(page.url.partition("?")[0])

    assert await page.input_value("#name") == ""
    page.faults.clear()  # type: ignore[attr-defined]  # htmx logs the request that failed


# --- What is transferred ---


async def test_the_first_page_and_those_after_it_are_light(screen: Screen, portal: PortalProcess) -> None:
    page = await screen("")
    sizes = await transferred(page, lambda: page.goto(f"{portal.url}/gaya"))
    scripts = sum(size for url, size in sizes.items() if url.endswith(".js"))
    print(sizes)
    later = await transferred(page, lambda: page.get_by_role("link", name="Terlambat").click())

    assert sum(sizes.values()) <= FIRST_LOAD, sizes
    assert scripts <= JAVASCRIPT, sizes
    assert sum(later.values()) <= LATER, later


async def transferred(page: Page, action: Callable[[], Awaitable[object]]) -> dict[str, int]:
    """URL → bytes of the answers' heads and bodies, as they came over the wire."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    await action()
    await page.wait_for_load_state("networkidle")
    page.remove_listener("response", note)
    sizes = {each.url: await each.request.sizes() for each in answers}
    return {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}


# --- Files ---


@pytest.mark.parametrize("javascript", [True, False], ids=["with progress", "without JavaScript"])
async def test_a_file_is_uploaded(screen: Screen, tmp_path: Path, javascript: bool) -> None:
    file = tmp_path / "bukti.pdf"
    file.write_bytes(b"x" * 3_000_000)
    page = await screen("/gaya/unggah", Role.AGENCY, look=Look(javascript=javascript))
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="Unggah").click()

    await page.locator("#kabar").wait_for()
    assert "bukti.pdf: 3000000" in await page.locator("#kabar").inner_text()
    assert page.url.endswith("/gaya/unggah")


async def test_an_upload_shows_its_progress_and_says_when_it_was_cut(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "bukti.pdf"
    file.write_bytes(b"x" * 2_000_000)
    page = await screen("/gaya/unggah", Role.AGENCY)
    slow = await page.context.new_cdp_session(page)
    slowly = {"offline": False, "latency": 20, "downloadThroughput": 500_000, "uploadThroughput": 500_000}
    await slow.send("Network.emulateNetworkConditions", slowly)
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="Unggah").click()
    await holds(page, "parseInt(document.querySelector('.upload-text').textContent) > 0")
    assert await page.locator(".upload").is_visible()
    await slow.send("Network.emulateNetworkConditions", {**slowly, "offline": True})

    await page.get_by_text("Sambungan terputus").wait_for()
    assert await page.locator(".upload").is_hidden()


async def test_an_upload_without_a_file_is_refused_with_the_focus_on_the_summary(screen: Screen) -> None:
    page = await screen("/gaya/unggah", Role.AGENCY)
    await page.get_by_role("button", name="Unggah").click()

    await holds(page, "document.activeElement.matches('.error-summary')")


async def test_a_boosted_link_to_a_file_saves_it_and_leaves_the_page(screen: Screen) -> None:
    page = await screen("/gaya/unggah")
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Unduh contoh").click()

    assert (await saved.value).suggested_filename == "contoh.csv"
    assert await page.locator("h1").inner_text() == "Unggah contoh"
