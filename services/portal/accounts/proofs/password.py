"""Passwords: argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet), one at a time in a
thread.

What a password must be follows NIST SP 800-63B §3.1.1.2: a length, no rules about kinds of characters, and nothing
that is tried first or easily guessed from the account itself.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from services.portal.accounts.proofs.guessable import is_guessable
from services.portal.pages.language import _
from shared.faults import Busy

Answer = TypeVar("Answer")

SHORTEST = 12  # characters
LONGEST = 200  # characters; hashing must not cost whoever sends a book
_FEWEST = 5  # different characters
_MOST_WAITING = 50  # at 30 ms each, the last one waits for 1.5 s

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$e0DX/WAjWEiYcadifosROQ$J3xi2KfX36dTGNKrA0x/XSssOvUjV1RuZi98dZ31Dnk"
"""A hash of nothing, so that an address without an account costs as long as one with an account."""


def flaw(password: str, *, email: str, name: str) -> str | None:
    """What is wrong with a new password, in Bahasa Indonesia; None: nothing. email, name: of the account."""
    text = _folded(password)
    if len(text) < SHORTEST:
        return _("paling sedikit %(number)d karakter") % {"number": SHORTEST}
    if len(text) > LONGEST:
        return _("paling banyak %(number)d karakter") % {"number": LONGEST}
    plain = text.casefold()
    if len(set(plain)) < _FEWEST or plain in "abcdefghijklmnopqrstuvwxyz" or is_guessable(plain):
        return _("terlalu mudah ditebak")
    if plain in {email.casefold(), email.partition("@")[0].casefold(), name.casefold()}:
        return _("tidak boleh sama dengan nama atau alamat surel Anda")
    return None


class Passwords:
    """Hashes and verifies. Both raise Busy when too many wait."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """A new hash."""
        return await self._run(_hashed, password)

    async def verify(self, hash: str, password: str) -> bool:
        """Whether it is the password. hash: empty for an address without an account: False, after the same time."""
        return await self._run(_verified, hash or _NOBODY, password) and bool(hash)

    @staticmethod
    def is_outdated(hash: str) -> bool:
        """Whether it was made with other parameters than the present ones."""
        return _HASHER.check_needs_rehash(hash)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., Answer], *arguments: str) -> Answer:
        if self._waiting >= _MOST_WAITING:
            raise Busy(_("Terlalu banyak yang masuk bersamaan; coba lagi sebentar lagi."))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        finally:
            self._waiting -= 1


def _folded(password: str) -> str:
    """One form for each way of typing the same signs."""
    return unicodedata.normalize("NFKC", password)


def _hashed(password: str) -> str:
    return _HASHER.hash(_folded(password)[:LONGEST])


def _verified(hash: str, password: str) -> bool:
    text = _folded(password)
    if len(text) > LONGEST:
        return False
    try:
        return _HASHER.verify(hash, text)
    except (VerificationError, InvalidHashError):
        return False
