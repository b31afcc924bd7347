"""Accounts leave an installation with their region and come to another one, beside people who are there, on either
engine: who may sign in there, who may not, and what is refused before anything is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
import pytest

from services.portal.accounts.account import Account
from services.portal.accounts.application import Accounts
from services.portal.accounts.kinds import ADDRESS
from services.portal.accounts.refusals import LinkOver, WrongCredentials
from services.portal.accounts.session import Step
from services.portal.main import compose
from shared.auth.policy import Role
from shared.clock import Clock, machine_ms
from shared.faults import Invalid
from shared.operations.audit import file_owed_entries
from shared.operations.backup import back_up
from shared.operations.region_check import admit
from shared.operations.region_removal import Removed, remove, require_moved
from shared.operations.restore import Restored, check, restore
from shared.ports.store import Store
from shared.runtime.personal_data import Subject
from shared.runtime.service import Resources, Service
from shared.settings import load
from shared.storage.erasures.list import ErasureList
from shared.storage.repository import Versioned
from tests.servers.mongo import fresh_database
from tests.support.accounts.office import AGENCY, HERE, PASSWORD, accounts_over, code_in, invite, person
from tests.support.store_engines import EngineName, store_at

MOVING, STAYING, THERE = "61.12", "61.71", "61.02"
SIDES = [
    pytest.param("sqlite", "sqlite"),
    pytest.param("sqlite", "motor", marks=pytest.mark.mongo),
    pytest.param("motor", "sqlite", marks=pytest.mark.mongo),
]


class NoEvents:
    """A bus in which nothing waits."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def state(self, _: object) -> Any:  # noqa: ANN401 - a state of any bus
        return type("Empty", (), {"ready": 0})


@dataclass
class Place:
    """The portal's part of an installation. accounts: its parts, over the same store."""

    data: Path
    store: Store
    resources: Resources
    service: Service
    accounts: Accounts

    async def back_up(self, to: Path, region: str = MOVING) -> None:
        await back_up(to, [(self.resources, self.service)], "test", region=region)

    async def restore(self, of: Path, also: Path | None = None, *, replace: bool = False) -> Restored:
        manifest = check(of, [self.service])
        await admit(of, manifest, [(self.resources, self.service)], replace=replace)
        return await restore(of, manifest, self.resources, self.service, also=ErasureList(also) if also else None)

    async def remove(self, of: Path) -> Removed:
        manifest = check(of, [self.service])
        found = await require_moved(of, manifest, [(self.resources, self.service)])
        return await remove(found["portal"], self.resources, self.service, str(manifest.region))

    async def everything(self) -> dict[str, Any]:
        """`<kind>/<id>` → stored form, once nothing is owed to the audit log."""
        await file_owed_entries(self.store, self.service)
        return {
            f"{kind.name}/{stored['_id']}": stored
            for kind in self.service.kinds
            async for stored in self.store.dump(kind.name)
        }

    async def step_of(self, email: str) -> Step:
        """How far the password brings its person. Raises WrongCredentials."""
        return (await self.accounts.signing_in.by_password(email, PASSWORD, HERE)).step


@asynccontextmanager
async def place(data: Path, engine: EngineName, where: str) -> AsyncIterator[Place]:
    store = store_at(engine, where)
    bus: Any = NoEvents()
    unused: Any = None  # the portal has no files
    settings = load({"PORTAL_URL": f"https://{data.name}.example"}, data_dir=data)
    resources = Resources(store, unused, bus, Clock(), settings)
    service = compose(resources)
    await store.open(service.kinds)
    accounts = accounts_over(store, data)
    yield Place(data, store, resources, service, accounts)
    await accounts.stop()
    await store.close()


@asynccontextmanager
async def places(request: pytest.FixtureRequest, folder: Path, *engines: EngineName) -> AsyncIterator[list[Place]]:
    async with AsyncExitStack() as stack:
        them = []
        for name, engine in zip(("satu", "dua"), engines, strict=True):
            data = folder / name
            where = fresh_database(request.getfixturevalue("mongo_url")) if engine != "sqlite" else f"{data}.sqlite"
            them.append(await stack.enter_async_context(place(data, engine, where)))
        yield them


@pytest.fixture
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Place]]:
    """On the embedded engine."""
    async with places(request, tmp_path, "sqlite", "sqlite") as them:
        yield them


async def with_factor(accounts: Accounts, account: Versioned[Account]) -> tuple[str, str]:
    """Its secret, and one of its recovery codes. The app's present code is still unused."""
    secret = pyotp.random_base32()
    former = pyotp.TOTP(secret).at(machine_ms() // 1000 - 30)
    codes = await accounts.managing.set_second_factor(account.id, secret, former)
    assert codes is not None
    return secret, codes[0]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("source", "target"), SIDES)
async def test_people_sign_in_where_their_region_is_and_nowhere_else(
    request: pytest.FixtureRequest, tmp_path: Path, source: EngineName, target: EngineName
) -> None:
    kept = tmp_path / "set"
    async with places(request, tmp_path, source, target) as (one, other):
        curator = await person(one.accounts, "kurator@pindah.example", region=MOVING)
        secret, recovery = await with_factor(one.accounts, curator)
        officer = await person(one.accounts, "dinas@pindah.example", Role.AGENCY, MOVING)
        closed = await person(one.accounts, "tutup@pindah.example", region=MOVING)
        await one.accounts.managing.close(closed.id)
        await person(one.accounts, "kurator@tinggal.example", region=STAYING)
        await person(one.accounts, "operator@satu.example", Role.OPERATOR)
        await person(other.accounts, "kurator@sana.example", region=THERE)
        session = (await one.accounts.signing_in.by_password("dinas@pindah.example", PASSWORD, HERE)).cookie
        untouched = await other.everything()
        await one.back_up(kept)

        done = await other.restore(kept)

        after = await other.everything()
        assert {id: after[id] for id in untouched} == untouched
        assert done.documents == 9, "three accounts, their addresses and invitations"
        assert await other.accounts.sessions.of(session) is None, "sessions do not travel"
        begun = await other.accounts.signing_in.by_password("kurator@pindah.example", PASSWORD, HERE)
        assert begun.step is Step.CODE
        code = pyotp.TOTP(secret).at(machine_ms() // 1000)
        opened = await other.accounts.signing_in.by_code(begun.cookie, code, HERE)
        assert opened is not None
        assert opened.step is Step.OPEN
        waiting = await other.accounts.signing_in.by_password("kurator@pindah.example", PASSWORD, HERE)
        assert await other.accounts.signing_in.by_code(waiting.cookie, recovery, HERE) is not None
        assert await other.step_of("dinas@pindah.example") is Step.OPEN
        arrived = await other.accounts.managing.get(officer.id)
        assert (arrived.value.role, arrived.value.region, arrived.value.agencies) == (Role.AGENCY, MOVING, (AGENCY,))
        for email in ("tutup@pindah.example", "kurator@tinggal.example", "operator@satu.example"):
            with pytest.raises(WrongCredentials):
                await other.step_of(email)
        assert await other.step_of("kurator@sana.example") is Step.OPEN

        await one.remove(kept)

        left = str(await one.everything())
        assert "pindah.example" not in left
        for email in ("kurator@pindah.example", "dinas@pindah.example"):
            with pytest.raises(WrongCredentials):
                await one.step_of(email)
        assert await one.accounts.sessions.of(session) is None
        assert await one.step_of("kurator@tinggal.example") is Step.OPEN
        assert await one.step_of("operator@satu.example") is Step.OPEN


async def test_an_open_invitation_moves_and_gets_a_link_of_where_it_comes(two: list[Place], tmp_path: Path) -> None:
    """A link is made with the key of the installation."""
    one, other = two
    invited = await invite(one.accounts, "baru@pindah.example", region=MOVING)
    await one.back_up(tmp_path / "set")

    await other.restore(tmp_path / "set")
    former = invited.link
    renewed = (await other.accounts.inviting.renew(invited.invitation.id, "op")).link

    assert former is not None
    assert renewed is not None
    with pytest.raises(LinkOver):
        await other.accounts.inviting.accept(code_in(former), "Siti", PASSWORD)
    await other.accounts.inviting.accept(code_in(renewed), "Siti", PASSWORD)
    assert await other.step_of("baru@pindah.example") is Step.OPEN


@pytest.mark.parametrize(
    ("role", "region", "whose"), [(Role.CURATOR, THERE, f"region {THERE}"), (Role.OPERATOR, None, "an operator")]
)
async def test_an_address_that_somebody_has_there_is_refused_and_nothing_is_written(
    two: list[Place], tmp_path: Path, role: Role, region: str | None, whose: str
) -> None:
    one, other = two
    moving = await person(one.accounts, "Sama@pindah.example", region=MOVING)
    await person(one.accounts, "lain@pindah.example", region=MOVING)
    theirs = await person(other.accounts, "sama@pindah.example", role, region)
    await one.back_up(tmp_path / "set")
    before = await other.everything()

    with pytest.raises(Invalid) as refused:
        await other.restore(tmp_path / "set")

    [flaw] = refused.value.flaws
    assert (flaw.field, flaw.code) == ("portal/account_address.jsonl", "taken")
    for said in ("s•••@pindah.example", theirs.id, whose, moving.id):
        assert said in flaw.message
    assert await other.everything() == before
    await other.accounts.personal_data.erase(Subject(account=theirs.id), "op")
    await other.restore(tmp_path / "set")
    assert await other.step_of("sama@pindah.example") is Step.OPEN


async def test_an_address_that_nobody_has_any_more_hinders_nobody(two: list[Place], tmp_path: Path) -> None:
    """As a crash between two writes leaves it."""
    one, other = two
    await person(one.accounts, "siti@pindah.example", region=MOVING)
    await other.accounts.taken.take("siti@pindah.example", "never-made")
    await one.back_up(tmp_path / "set")

    await other.restore(tmp_path / "set")

    assert await other.step_of("siti@pindah.example") is Step.OPEN


async def test_a_region_that_is_replaced_has_the_people_of_the_backup(two: list[Place], tmp_path: Path) -> None:
    one, other = two
    siti = await person(one.accounts, "siti@pindah.example", region=MOVING)
    await one.back_up(tmp_path / "set")
    await other.restore(tmp_path / "set")
    await other.accounts.managing.describe(siti.id, "Siti", "aminah@pindah.example", ())
    await person(other.accounts, "siti@pindah.example", region=MOVING)
    session = (await other.accounts.signing_in.by_password("aminah@pindah.example", PASSWORD, HERE)).cookie

    with pytest.raises(Invalid, match="there already"):
        await other.restore(tmp_path / "set")
    await other.restore(tmp_path / "set", replace=True)

    assert await other.step_of("siti@pindah.example") is Step.OPEN
    owner = await other.accounts.taken.owner("siti@pindah.example")
    assert owner is not None
    assert owner.id == siti.id
    with pytest.raises(WrongCredentials):
        await other.step_of("aminah@pindah.example")
    assert await other.accounts.sessions.of(session) is None
    assert len([row async for row in other.store.scan(ADDRESS.name, {}, ())]) == 1


async def test_a_person_who_was_erased_after_the_backup_does_not_come_back(two: list[Place], tmp_path: Path) -> None:
    one, other = two
    gone = await person(one.accounts, "hapus@pindah.example", region=MOVING)
    invited = await invite(one.accounts, "urung@pindah.example", region=MOVING)
    await person(one.accounts, "siti@pindah.example", region=MOVING)
    await one.back_up(tmp_path / "set")
    for email in ("hapus@pindah.example", "urung@pindah.example"):
        await one.accounts.personal_data.erase(Subject(email=email), "op")
    listed = one.resources.settings.erasures

    done = await other.restore(tmp_path / "set", listed)

    text = str(await other.everything())
    assert done.erasures == 2
    assert [word for word in ("hapus@pindah", "urung@pindah") if word in text] == []
    assert await other.step_of("siti@pindah.example") is Step.OPEN
    ours = {each.id for each in ErasureList(other.resources.settings.erasures).read().of("portal")}
    assert ours == {gone.id, invited.invitation.id}, "no later restore brings them back either"


async def test_a_region_whose_people_have_changed_since_the_backup_is_not_removed(
    two: list[Place], tmp_path: Path
) -> None:
    one, _ = two
    account = await person(one.accounts, "siti@pindah.example", region=MOVING)
    await one.back_up(tmp_path / "set")
    await one.accounts.managing.change_password(account.id, "payung-merah-di-pasar")
    before = await one.everything()

    with pytest.raises(Invalid, match="back the region up again"):
        await one.remove(tmp_path / "set")

    assert await one.everything() == before
