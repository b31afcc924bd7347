"""The people of a region move with it, with `satu` and real processes: they sign in with their password and the code of
their telephone where the region is, nobody else is touched, and who was erased stays so."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pyotp
import pytest

from shared.auth.policy import Role
from shared.clock import machine_ms
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.places import WAYS, Place, places
from tests.support.portal.bureau import secret_in
from tests.support.registry_samples import valid_evidence, valid_profile

MOVING, STAYING, THERE = "61.12", "61.71", "61.02"
PASSWORD = "kuda-biru-terbang-rendah"
CURATOR, OFFICER, GONE = "kurator@pindah.example", "dinas@pindah.example", "hapus@pindah.example"
PLACES = {
    MOVING: ("Kabupaten Kubu Raya", CURATOR),
    STAYING: ("Kota Pontianak", "kurator@tinggal.example"),
    THERE: ("Kabupaten Mempawah", "kurator@sana.example"),
}

pytestmark = pytest.mark.timeout(240)


@asynccontextmanager
async def browser(place: Place) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=place.system.url, trust_env=False, timeout=30) as client:
        yield client


@dataclass
class Person:
    """Somebody with an account. secret: of the telephone's app; empty: the password is enough."""

    email: str
    secret: str = ""

    async def signs_in(self, place: Place, first: str, shown: str = "") -> None:
        """With the present code, if there is one. first: the page that follows; shown: what its read model has."""
        async with browser(place) as client:
            answer = await client.post("/masuk", data={"surel": self.email, "sandi": PASSWORD})
            if self.secret:
                assert (answer.status_code, answer.headers.get("location")) == (303, "/masuk/kode"), answer.text
                code = pyotp.TOTP(self.secret).at(machine_ms() // 1000)
                answer = await client.post("/masuk/kode", data={"kode": code})
            assert (answer.status_code, answer.headers.get("location")) == (303, first), answer.text
            assert self.email.casefold() in (await client.get("/akun")).text.casefold()

            async def agencies() -> str:
                return (await client.get("/kurator/kantor/opd")).text

            await eventually(agencies, lambda page: shown in page, within=30)

    async def is_refused(self, place: Place) -> None:
        async with browser(place) as client:
            answer = await client.post("/masuk", data={"surel": self.email, "sandi": PASSWORD})
            assert answer.status_code == 422
            assert "Alamat surel atau kata sandi salah" in answer.text


async def comes_in(place: Place, mailbox: Mailbox, email: str, *, telephone: bool = False) -> Person:
    """Accept the invitation that was mailed; with a telephone also set up the second factor."""

    async def link() -> str:
        mails = [each for each in mailbox.mails if each.to.casefold() == email.casefold()]
        texts = [part.get_content() for each in mails if (part := each.message.get_body(("plain",)))]
        return next((found[0] for text in texts if (found := re.search(r"/undangan\?kode=\S+", text))), "")

    path = await eventually(link, bool, within=30)
    person = Person(email)
    async with browser(place) as client:
        form = {"kode": path.partition("kode=")[2], "nama": "Orang Contoh", "sandi": PASSWORD, "ulangi": PASSWORD}
        answer = await client.post("/undangan", data=form)
        assert answer.status_code == 303, answer.text
        if telephone:
            person.secret = pyotp.random_base32()
            former = pyotp.TOTP(person.secret).at(machine_ms() // 1000 - 30)
            csrf = secret_in((await client.get("/akun/dua-langkah")).text)
            given = {"csrf": csrf, "rahasia": person.secret, "kode": former}
            assert (await client.post("/akun/dua-langkah", data=given)).status_code == 200
    return person


async def set_up(place: Place, mailbox: Mailbox, region: str, *, telephone: bool = False) -> Person:
    """`satu setup`, and the curator comes in."""
    name, email = PLACES[region]
    given = ("--region", region, "--name", name, "--zone", "WIB", "--curator", "Kurator", "--email", email)
    await place.command("setup", *given, "--url", place.system.url)
    return await comes_in(place, mailbox, email, telephone=telephone)


async def invited(regency: Regency, place: Place, mailbox: Mailbox, email: str, region: str, *agencies: str) -> Person:
    body = {"name": "Orang Contoh", "email": email, "region": region}
    body |= {"role": Role.AGENCY, "agencies": list(agencies)} if agencies else {"role": Role.CURATOR}  # type: ignore[dict-item]
    await regency.operator.create("/portal/v1/invitations", body)
    return await comes_in(place, mailbox, email)


async def erased(place: Place, region: str, email: str) -> None:
    """With `satu privacy erase`, while nothing runs."""
    person = ("privacy", "erase", "--region", region, "--email", email)
    listed = await place.command(*person)
    number = re.search(r"--confirm (\d+)", listed)
    assert number is not None, listed
    await place.command(*person, "--confirm", number[1])


def settled(text: str) -> dict[str, Any]:
    """A document without what it owes to the audit log, which a restore files first."""
    return {key: each for key, each in json.loads(text).items() if not key.startswith("outbox")}


@pytest.mark.parametrize(("source", "target"), WAYS)
async def test_people_move_with_their_region(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox, source: str, target: str
) -> None:
    kept, again = str(tmp_path / "set"), str(tmp_path / "again")
    async with places(request, tmp_path, mailbox.url, source, target) as (one, two), AsyncExitStack() as users:
        moving, there = [
            await users.enter_async_context(Regency(each.system.url, each.system.issue)) for each in (one, two)
        ]
        moving.code, there.code = MOVING, THERE
        curator = await set_up(one, mailbox, MOVING, telephone=True)
        neighbour = await set_up(one, mailbox, STAYING)
        host = await set_up(two, mailbox, THERE)
        agency = await moving.agency("Dinas Pindah (contoh)")
        officer = await invited(moving, one, mailbox, OFFICER, MOVING, agency)
        gone = await invited(moving, one, mailbox, GONE, MOVING)
        innovation = await moving.draft(agency, valid_profile(name="Layanan Pindah"), valid_evidence(), 2026)
        await moving.submit(innovation, agency)
        mailbox.clear()
        namesake = await invited(there, two, mailbox, OFFICER.upper(), THERE)
        await one.system.wait_until_idle()
        await two.system.wait_until_idle()

        await one.stop()
        await one.command("backup", kept, "--region", MOVING)
        await erased(one, MOVING, GONE)
        restore = ("restore", kept, "--erasures", str(one.system.data / "operator" / "erased.jsonl"))

        await two.stop()
        before = await two.documents()
        refusal = await two.command(*restore, status=2)
        assert "satu: portal/account_address.jsonl: D•••@pindah.example is the address of account" in refusal
        assert await two.documents() == before, "nothing is written before everything is checked"
        theirs = re.search(r"account (\S+) here", refusal)
        assert theirs is not None
        namesake.email = "lain@sana.example"
        await two.command("privacy", "correct", "--account", theirs[1], "--new-email", namesake.email)
        untouched = await two.documents()
        done = await two.command(*restore)
        assert re.search(r"portal: \d+ erasures of personal data after the backup carried out again", done)
        after = await two.documents()
        assert {id: settled(after[id]) for id in untouched} == {id: settled(text) for id, text in untouched.items()}
        assert not [id for id in after if id.startswith("portal session/") and id not in untouched]
        await two.start()

        await curator.signs_in(two, "/kurator", "Dinas Pindah (contoh)")
        await officer.signs_in(two, "/opd")
        for each in (host, namesake):
            await each.signs_in(two, "/kurator")
        for each in (gone, neighbour):
            await each.is_refused(two)

        refusal = await one.command("remove-region", kept, "--dry-run", status=2)
        assert "back the region up again" in refusal
        await one.command("backup", again, "--region", MOVING)
        assert f"documents of region {MOVING} removed" in await one.command("remove-region", again)
        left = [text for id, text in (await one.documents()).items() if id.startswith("portal ")]
        assert not [text for text in left if "pindah.example" in text]
        await one.start()
        await neighbour.signs_in(one, "/kurator")
        for each in (curator, officer, gone):
            await each.is_refused(one)
