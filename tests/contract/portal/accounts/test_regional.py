"""Accounts move with their region; what is passing goes with it, and operators stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.portal.accounts.application import Accounts
from services.portal.main import compose
from shared.auth.policy import Role
from shared.clock import Clock
from shared.operations.region_documents import documents_in_store
from shared.ports.store import Store
from shared.runtime.service import Resources
from shared.settings import load
from tests.support.accounts.office import HERE, PASSWORD, invite, person


async def test_an_account_moves_with_its_region_and_an_operator_s_stays(
    accounts: Accounts, store: Store, tmp_path: Path
) -> None:
    missing: Any = None  # nothing of files and bus is used
    service = compose(Resources(store, missing, missing, Clock(), load({}, data_dir=tmp_path / "data")))
    here = await person(accounts, "here@dinas.example", Role.AGENCY)
    there = await person(accounts, "there@dinas.example", Role.AGENCY, "61.71")
    operator = await person(accounts, "op@dinas.example", Role.OPERATOR)
    invited = (await invite(accounts, "invited@dinas.example")).invitation
    for email in ("here@dinas.example", "there@dinas.example", "op@dinas.example"):
        await accounts.signing_in.by_password(email, PASSWORD, HERE)
    await accounts.resetting.link(here.id, "op")

    documents = await documents_in_store(store, service, "61.12")
    live = await documents.live(store)
    kinds = {kind.name: kind for kind in documents.kinds}

    assert set(live["account"]) == {here.id}
    assert set(live["invitation"]) == {here.id, invited.id}
    assert [len(live[kind]) for kind in ("account_address", "session", "password_reset")] == [1, 1, 1]
    own = ("account", "invitation", "account_address", "session", "password_reset")
    assert {name for name in own if documents.moves(kinds[name])} == {"account", "invitation", "account_address"}
    assert {there.id, operator.id}.isdisjoint({id for ids in live.values() for id in ids})
