"""A page, its assets, the language, and sentences for the page after."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from services.portal.pages.assets import FOLDER, Assets
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language_page import LanguagePages
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post
from tests.support.portal.asked import ADDRESS, asking


class HomePages(Routes):
    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    @get("/", Role.PUBLIC)
    async def home(self, request: Request) -> Response:
        return await self.pages(request, "pages/style_guide_form.html", form=Form(()), errors=Errors(), sent=False)


class Telling(Routes):
    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    @post("/catat", Role.PUBLIC)
    async def tell(self, _: Request) -> Response:
        return redirect("/", "Tersimpan & <b>aman</b>.")


async def test_a_page_is_complete_and_asked_for_anew() -> None:
    async with asking(HomePages) as client:
        answer = await client.get("/")

    assert answer.status_code == 200
    assert '<html lang="id">' in answer.text
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_page_of_somebody_is_not_stored() -> None:
    async with asking(HomePages, role=Role.AGENCY) as client:
        assert (await client.get("/")).headers["cache-control"] == "no-store"


async def test_assets_are_kept_for_ever_and_compressed() -> None:
    async with asking(HomePages) as client:
        paths = re.findall(r'"(/aset/[^"]+)"', (await client.get("/")).text)
        answers = [await client.get(path) for path in paths]

    assert len(paths) == 4
    assert {each.status_code for each in answers} == {200}
    assert all("immutable" in each.headers["cache-control"] for each in answers)
    assert all(each.headers["content-encoding"] == "gzip" for each in answers)


async def test_an_asset_of_another_release_is_today_s_and_not_kept() -> None:
    async with asking(HomePages) as client:
        other = await client.get("/aset/satu.0123456789.css")
        missing = await client.get("/aset/other.0123456789.css")

    assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache")
    assert missing.status_code == 404


async def test_a_sentence_is_shown_once_on_the_next_page_and_escaped() -> None:
    async with asking(HomePages, Telling) as client:
        await client.post("/catat")
        first, second = await client.get("/"), await client.get("/")

    assert "Tersimpan &amp; &lt;b&gt;aman&lt;/b&gt;." in first.text
    assert "Tersimpan" not in second.text


async def test_a_cookie_that_nobody_wrote_is_ignored() -> None:
    async with asking(HomePages) as client:
        for forged in ("x", "eyJhIjoxfQ==", "WyJiYWQiLCJ4Il0=", "bnVsbA=="):
            client.cookies.set("kabar", forged)
            assert (await client.get("/")).status_code == 200


async def test_a_language_that_exists_is_remembered() -> None:
    async with asking(HomePages, lambda _: LanguagePages()) as client:
        chosen = await client.post("/bahasa", data={"bahasa": "en"}, headers={"referer": f"{ADDRESS}/inovasi?x=1"})
        unknown = await client.post("/bahasa", data={"bahasa": "xx"}, headers={"referer": "http://a.test//b"})
        english = await client.get("/")

    assert chosen.headers["location"] == "/inovasi"
    assert "bahasa=en" in chosen.headers["set-cookie"]
    assert unknown.headers["location"] == "/"
    assert "set-cookie" not in unknown.headers
    assert '<html lang="en">' in english.text


def test_all_style_sheets_are_one_file_because_navigation_keeps_the_head_of_the_first_page() -> None:
    assets = Assets()
    names = sorted(each.name for each in FOLDER.glob("*.css"))

    assert len(names) > 1
    assert len({assets.path(name) for name in names}) == 1
    served = assets._by_name["satu.css"].plain.decode()
    assert all((FOLDER / name).read_text() in served for name in names)


async def test_over_tls_every_cookie_is_for_tls_alone() -> None:
    async with asking(Telling, secure=True) as client:
        told = await client.post("/catat")
    async with asking(Telling) as client:
        plainly = await client.post("/catat")

    assert told.headers["set-cookie"].endswith("; Secure")
    assert "max-age" in told.headers["strict-transport-security"]
    assert "Secure" not in plainly.headers["set-cookie"]
    assert "strict-transport-security" not in plainly.headers


async def test_a_page_can_be_asked_for_by_its_head_alone() -> None:
    async with asking(HomePages) as client:
        assert (await client.head("/")).status_code == 200
