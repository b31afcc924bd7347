"""The store goes away between any two writes of what accounts do; then it is done again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.portal.accounts.kinds import ACCOUNT
from services.portal.accounts.refusals import LinkOver
from shared.faults import StoreAway
from shared.ports.store import Store
from tests.support.accounts.office import ANOTHER, HERE, PASSWORD, accounts_over, code_in, invite, person

EMAIL = "siti@dinas.example"
WRITING = {"change", "erase"}


class Fragile:
    """A store that goes away after so many writes. None: it stays. done: whether the write that was cut off was made:
    its answer is lost then."""

    def __init__(self, store: Store, writes: int | None, *, done: bool) -> None:
        self._store = store
        self.left = writes
        self._done = done

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the store's own
        method = getattr(self._store, name)
        return self._cut(method) if name in WRITING else method

    def _cut(self, method: Any) -> Any:  # noqa: ANN401 - the store's own
        async def cut(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the store's own
            if self.left is not None:
                self.left -= 1
                if self.left < 0:
                    if self._done:
                        await method(*arguments, **options)
                    raise StoreAway("cut off")
            return await method(*arguments, **options)

        return cut


@pytest.mark.parametrize("done", [False, True], ids=["not written", "answer lost"])
@pytest.mark.parametrize("writes", range(4))
async def test_an_invitation_that_is_accepted_again_makes_one_account(
    store: Store, tmp_path: Path, writes: int, done: bool
) -> None:
    fragile = Fragile(store, None, done=done)
    accounts = accounts_over(fragile, tmp_path / "data")  # type: ignore[arg-type]  # it is one
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    code = code_in(invited.link)
    fragile.left = writes

    try:
        await accounts.inviting.accept(code, "Siti", PASSWORD)
    except StoreAway:
        fragile.left = None
        try:
            await accounts.inviting.accept(code, "Siti", PASSWORD)
        except LinkOver:
            assert done, "its answer was lost: the account is there"
    fragile.left = None

    assert [row.id async for row in store.scan(ACCOUNT.name, {}, ())] == [invited.invitation.id]
    assert await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    await accounts.stop()


@pytest.mark.parametrize("done", [False, True], ids=["not written", "answer lost"])
@pytest.mark.parametrize("writes", range(3))
async def test_an_address_that_is_changed_again_is_one_account_s(
    store: Store, tmp_path: Path, writes: int, done: bool
) -> None:
    fragile = Fragile(store, None, done=done)
    accounts = accounts_over(fragile, tmp_path / "data")  # type: ignore[arg-type]  # it is one
    account = await person(accounts, EMAIL)
    fragile.left = writes
    try:
        await accounts.managing.describe(account.id, "Siti", "siti.baru@dinas.example", ())
    except StoreAway:
        fragile.left = None
        await accounts.managing.describe(account.id, "Siti", "siti.baru@dinas.example", ())
    fragile.left = None

    assert await accounts.signing_in.by_password("siti.baru@dinas.example", PASSWORD, HERE)
    assert await accounts.taken.owner(EMAIL) is None
    assert (await person(accounts, EMAIL)).id != account.id, "the former address is free"
    await accounts.stop()


@pytest.mark.parametrize("writes", range(2))
async def test_a_link_whose_use_was_cut_off_leaves_the_former_or_the_new_password(
    store: Store, tmp_path: Path, writes: int
) -> None:
    fragile = Fragile(store, None, done=False)
    accounts = accounts_over(fragile, tmp_path / "data")  # type: ignore[arg-type]  # it is one
    account = await person(accounts, EMAIL)
    code = code_in(await accounts.resetting.link(account.id, "op"))
    fragile.left = writes
    with pytest.raises(StoreAway):
        await accounts.resetting.choose(code, ANOTHER)
    fragile.left = None

    assert await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    if writes == 0:
        await accounts.resetting.choose(code, ANOTHER)
    else:  # the link is used up, and nothing else: another one is asked for
        with pytest.raises(LinkOver):
            await accounts.resetting.opened(code)
    await accounts.stop()
