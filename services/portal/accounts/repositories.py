"""The typed access to the documents of accounts."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.portal.accounts.account import Account
from services.portal.accounts.invitation import Invitation
from services.portal.accounts.kinds import ACCOUNT, ADDRESS, INVITATION, LOCK, RESET, SESSION
from services.portal.accounts.proofs.lock import Lock
from services.portal.accounts.reset import Reset
from services.portal.accounts.session import Session
from shared.ports.store import Store
from shared.storage.repository import Repository


class TakenAddress(BaseModel):
    """account: an account's id, or that of the invitation which becomes one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str


def account_repository(store: Store) -> Repository[Account]:
    """Id: opaque."""
    return Repository(store, ACCOUNT, Account, "Akun ini tidak ada.")


def address_repository(store: Store) -> Repository[TakenAddress]:
    """Id: the digest of an address."""
    return Repository(store, ADDRESS, TakenAddress, "Alamat ini tidak dikenal.")


def invitation_repository(store: Store) -> Repository[Invitation]:
    """Id: made from the request that created it."""
    return Repository(store, INVITATION, Invitation, "Undangan ini tidak ada.")


def session_repository(store: Store) -> Repository[Session]:
    """Id: the SHA-256 of the cookie."""
    return Repository(store, SESSION, Session, "Sesi ini tidak ada.")


def reset_repository(store: Store) -> Repository[Reset]:
    """Id: the account's."""
    return Repository(store, RESET, Reset, "Tautan ini tidak berlaku.")


def lock_repository(store: Store) -> Repository[Lock]:
    """Id: a keyed digest of an address."""
    return Repository(store, LOCK, Lock, "Kunci ini tidak ada.")
