from __future__ import annotations

import asyncio

import pytest

from services.portal.accounts.proofs.password import _MOST_WAITING, _NOBODY, Passwords, flaw
from shared.faults import Busy

GOOD = "kuda-biru-terbang-rendah"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        (GOOD, None),
        ("tiga kata acak", None),
        ("pendek-saja", "12 karakter"),
        ("x" * 201, "200 karakter"),
        ("aaaaaaaaaaaa", "mudah"),
        ("012345678901", "mudah"),
        ("abcdefghijklm", "mudah"),
        ("password1234", "mudah"),
        ("P@ssw0rd2026!", "mudah"),
        ("kata.sandi.2026", "mudah"),
        ("SatuInovasi2026", "mudah"),
        ("admin-admin-admin", "mudah"),
        ("passwordpassword", "mudah"),
        ("197805122003", "mudah"),
        ("dinas kota satu kantor", None),
        ("inovasi padi apung", None),
        ("4 kuda 3 sapi 1", None),
        ("\u0643\u0644\u0645\u0629 \u0633\u0631 \u0637\u0648\u064a\u0644\u0629", None),
        ("Siti.Aminah@dinas.example", "nama"),
        ("siti.aminah-1", None),
        ("Siti Aminah Putri", "nama"),
    ],
)
def test_a_new_password_is_long_and_not_the_person_s_own_name(password: str, why: str | None) -> None:
    found = flaw(password, email="siti.aminah@dinas.example", name="Siti Aminah Putri")

    assert (found is None) if why is None else (found is not None and why in found)


async def test_a_hash_is_argon2id_with_19_mib_two_passes_and_one_lane() -> None:
    passwords = Passwords()
    hash = await passwords.hash(GOOD)

    assert hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(hash, GOOD)
    assert not await passwords.verify(hash, GOOD + "!")
    assert not passwords.is_outdated(hash)
    assert not passwords.is_outdated(_NOBODY), "an address without an account must cost the same"


async def test_the_same_signs_typed_another_way_are_the_same_password() -> None:
    passwords = Passwords()
    hash = await passwords.hash("kata sandi caf\u00e9")

    assert await passwords.verify(hash, "kata sandi cafe\u0301")


async def test_nobody_has_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords()

    assert not await passwords.verify("", GOOD)
    assert not await passwords.verify("", "")
    assert not await passwords.verify("no hash", GOOD)


async def test_passwords_are_hashed_one_at_a_time_and_too_many_at_once_are_refused() -> None:
    passwords = Passwords()
    done = await asyncio.gather(
        *(passwords.verify("", "x" * 300) for _ in range(_MOST_WAITING + 5)), return_exceptions=True
    )

    assert sum(isinstance(each, Busy) for each in done) == 5
    assert not await passwords.verify("", GOOD), "the queue is empty again"
