"""`satu setup` and `satu portal account`, beside a running system."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from shared.auth import keys
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.commands import satu

PASSWORD = "kuda-biru-terbang-rendah"
pytestmark = pytest.mark.asyncio(loop_scope="module")


def options(region: str, **other: str) -> list[str]:
    """Of `satu setup`, for a region that each test has for itself."""
    given = {"region": region, "name": "Kabupaten Kubu Raya", "zone": "WIB", "curator": "Kurator"}
    given |= {"email": f"kurator-{region}@daerah.example"} | other
    return [each for name, value in given.items() for each in (f"--{name}", value)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """All services."""
    data = tmp_path_factory.mktemp("setup")
    keys.init(data, data / "access")
    async with running(load({}, data_dir=data, port=0)) as process:
        yield process


def environment(process: Running) -> dict[str, str]:
    return {"DATA_DIR": str(process.settings.root), "PORT": str(process.port)}


async def accepted(process: Running, link: str, email: str) -> httpx2.Response:
    """The answer to an invitation that is accepted as a browser does."""
    async with httpx2.AsyncClient(base_url=process.url) as browser:
        path = link.removeprefix(process.url)
        assert (await browser.get(path)).status_code == 200
        code = path.partition("kode=")[2]
        form = {"kode": code, "nama": "Kurator", "sandi": PASSWORD, "ulangi": PASSWORD}
        answer = await browser.post("/undangan", data=form)
        assert email in (await browser.get("/akun")).text
        return answer


async def test_setup_makes_a_region_and_a_curator_who_signs_in_by_the_printed_link(process: Running) -> None:
    done = await satu(environment(process), "setup", *options("61.12"))
    link = done.out.splitlines()[-1]

    assert "Kabupaten Kubu Raya (61.12) terdaftar" in done.out
    answer = await accepted(process, link, "kurator-61.12@daerah.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kurator")
    async with httpx2.AsyncClient(base_url=process.url) as client:
        region = (await client.get("/registry/v1/regions/61.12")).json()
    assert (region["name"], region["zone"]) == ("Kabupaten Kubu Raya", "Asia/Jakarta")
    assert "sudah diterima" in (await satu(environment(process), "setup", *options("61.12"), status=2)).err


async def test_setup_again_changes_nothing_and_prints_the_same_link(process: Running) -> None:
    first = await satu(environment(process), "setup", *options("61.71"))
    again = await satu(environment(process), "setup", *options("61.71"))

    assert "sudah terdaftar" in again.out
    assert again.out.splitlines()[-1] == first.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("option", "value", "region"),
    [("--region", "Kubu Raya", "Kubu Raya"), ("--email", "kurator", "61.02"), ("--name", " ", "61.03")],
)
async def test_a_wrong_answer_is_named_by_its_option(process: Running, option: str, value: str, region: str) -> None:
    name = option.removeprefix("--")
    given = options(region, **({name: value} if name != "region" else {}))
    done = await satu(environment(process), "setup", *given, status=2)

    assert done.err.startswith(f"satu: {option}: ")


async def test_without_a_running_system_setup_says_so(tmp_path: Path) -> None:
    keys.init(tmp_path, tmp_path / "access")
    done = await satu({"DATA_DIR": str(tmp_path), "PORT": "1"}, "setup", *options("61.12"), status=2)

    assert "does not answer" in done.err


async def test_an_operator_invites_lists_closes_and_resets_where_the_data_is(process: Running) -> None:
    here = environment(process)
    given = ("--role", "operator", "--name", "Op", "--email", "op@daerah.example")
    invited = await satu(here, "portal", "account", "invite", *given)
    link = invited.out.splitlines()[-1]
    id = invited.out.partition(":")[0]
    assert link.startswith(f"http://127.0.0.1:{process.port}/undangan?kode={id}.")
    assert id in (await satu(here, "portal", "account", "invitations")).out
    assert (await accepted(process, link, "op@daerah.example")).headers["location"] == "/operator"

    listed = (await satu(here, "portal", "account", "list")).out
    assert re.search(rf"(?m)^{id}  operator  -  active  o•••@daerah\.example$", listed)
    assert "1 open sessions" in (await satu(here, "portal", "account", "show", id)).out
    assert "closed" in (await satu(here, "portal", "account", "close", id)).out
    assert "0 open sessions" in (await satu(here, "portal", "account", "show", id)).out
    assert "active" in (await satu(here, "portal", "account", "open", id)).out
    assert "/lupa-sandi/baru?kode=" in (await satu(here, "portal", "account", "reset", id)).out
    assert "as before" in (await satu(here, "portal", "account", "remove-second-factor", id)).out
    assert "role" in (await satu(here, "portal", "account", "invite", *given[2:], "--role", "public", status=2)).err
