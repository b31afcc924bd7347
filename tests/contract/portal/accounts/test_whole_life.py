"""One account from its invitation to its erasure, on each kind of engine, with each query that accounts make."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.portal.accounts.account import AccountStatus
from services.portal.accounts.kinds import KINDS
from services.portal.accounts.managing import AccountFilter
from services.portal.accounts.refusals import WrongCredentials
from services.portal.accounts.session import id_of
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.ports.audit import AUDIT_KINDS
from shared.runtime.personal_data import Correctable, Subject
from shared.storage.erasures.kinds import ERASURE_KINDS
from tests.support.accounts.office import ANOTHER, HERE, PASSWORD, REGION, Mailbox, accounts_over, code_in, invite
from tests.support.store_engines import Engine

EMAIL = "siti@dinas.example"
LATER = timedelta(days=60) // timedelta(milliseconds=1)


async def test_an_account_lives_from_its_invitation_to_its_erasure(either: Engine, tmp_path: Path) -> None:
    store = await either.open(*KINDS, *ERASURE_KINDS, *AUDIT_KINDS)
    mailbox = Mailbox()
    accounts = accounts_over(store, tmp_path / "data", mailbox)
    held = accounts.personal_data

    invited = await invite(accounts, EMAIL, Role.AGENCY)
    assert [each.id for each in (await accounts.inviting.page(REGION, limit=10, after=None)).items]
    await accounts.mails.run()
    assert len(mailbox.letters) == 1
    assert invited.link is not None
    account = await accounts.inviting.accept(code_in(invited.link), "Siti Aminah", PASSWORD)

    with pytest.raises(WrongCredentials):
        await accounts.signing_in.by_password(EMAIL, ANOTHER, HERE)
    begun = await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    session = id_of(begun.cookie)
    assert await accounts.tokens.token_for(session)
    assert [each.id for each in await accounts.sessions.of_account(account)] == [session]
    rows, _ = await accounts.sessions.page(limit=10, after=None)
    assert [each.id for each, _ in rows] == [session]

    for chosen in (AccountFilter(), AccountFilter(REGION), AccountFilter(REGION, Role.AGENCY, AccountStatus.ACTIVE)):
        page = await accounts.managing.page(chosen, limit=10, after=None)
        assert [each.id for each in page.items] == [account.id]
    assert not (await accounts.managing.page(AccountFilter("61.71"), limit=10, after=None)).items

    assert await accounts.resetting.send(account.id)
    await accounts.mails.run()
    assert len(mailbox.letters) == 2

    by_name = Subject(region=REGION, name="Siti Aminah")
    assert {each.kind for each in await held.find(by_name)} == {"account", "session", "invitation"}
    assert await held.correct(Subject(account=account.id), {Correctable.EMAIL: "aminah@dinas.example"}, "op") == 1
    assert [each.kind.slug for each in await held.affected(REGION)] == ["account", "session", "invitation"]
    assert (await held.erase(Subject(account=account.id), "op")).documents == 3
    assert not [each for each in await held.find(by_name) if not each.kept]
    assert not (await accounts.managing.page(AccountFilter(), limit=10, after=None)).items

    await accounts.upkeep.run()
    assert await accounts.inviting.purge(machine_ms() + LATER) == 0
    await accounts.stop()
