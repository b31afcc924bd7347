"""Accounts over a store. Most tests run on one engine: accounts use no more of a store than its contract, which every
engine has passed; `test_whole_life.py` runs on each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services.portal.accounts.application import Accounts
from services.portal.accounts.proofs import password
from services.portal.kinds import KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Store
from tests.support.accounts.office import Mailbox, accounts_over


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is tested in tests/unit/portal/accounts/test_password.py."""
    monkeypatch.setattr(password, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open, empty store of the portal."""
    made = SqliteStore(tmp_path / "portal.sqlite")
    await made.open(KINDS)
    yield made
    await made.close()


@pytest.fixture
async def accounts(store: Store, tmp_path: Path) -> AsyncIterator[Accounts]:
    """Without a server for mails: links are shown."""
    made = accounts_over(store, tmp_path / "data")
    yield made
    await made.stop()


@pytest.fixture
def outbox() -> Mailbox:
    """What was mailed."""
    return Mailbox()


@pytest.fixture
async def mailing(store: Store, tmp_path: Path, outbox: Mailbox) -> AsyncIterator[Accounts]:
    """With a server for mails."""
    made = accounts_over(store, tmp_path / "data", outbox)
    yield made
    await made.stop()
