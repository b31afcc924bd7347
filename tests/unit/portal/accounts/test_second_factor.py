from __future__ import annotations

import pyotp
import pytest

from services.portal.accounts.proofs.second_factor import (
    STEP,
    SecondFactor,
    confirmed,
    new_recovery_codes,
    new_secret,
    uri,
)

NOW = 1_800_000_000
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B


def code(step: int = 0, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(NOW + step * STEP)


def test_the_code_is_that_of_rfc_6238() -> None:
    assert confirmed(SECRET, "081804", 1_111_111_109) is not None  # its last six digits of 07081804
    assert confirmed(SECRET, "081805", 1_111_111_109) is None


@pytest.mark.parametrize(("step", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_accepted_one_step_early_and_one_late(step: int, accepted: bool) -> None:
    assert (SecondFactor(secret=SECRET).accepting(code(step), NOW) is not None) is accepted


def test_a_code_is_accepted_once_and_no_older_one_after_it() -> None:
    factor = SecondFactor(secret=SECRET).accepting(code(), NOW)

    assert factor is not None
    assert factor.accepting(code(), NOW) is None
    assert factor.accepting(code(-1), NOW) is None
    assert factor.accepting(code(1), NOW) is not None


def test_a_recovery_code_is_accepted_once_however_it_is_typed() -> None:
    codes = new_recovery_codes()
    factor = SecondFactor(secret=SECRET).with_recovery(codes)
    used = factor.accepting(f" {codes[3].lower().replace('-', ' ')} ", NOW)

    assert used is not None
    assert len(used.recovery) == len(codes) - 1
    assert used.accepting(codes[3], NOW) is None
    assert used.accepting(codes[4], NOW) is not None


@pytest.mark.parametrize("wrong", ["", "000000", "abc", "١٢٣٤٥٦", "0" * 300, "AAAAA-AAAAA"])
def test_anything_else_is_refused(wrong: str) -> None:
    factor = SecondFactor(secret=SECRET).with_recovery(new_recovery_codes())

    assert factor.accepting(wrong, NOW) is None


def test_recovery_codes_differ_and_are_kept_as_digests_alone() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert not set(codes) & set(SecondFactor(secret=SECRET).with_recovery(codes).recovery)


def test_the_picture_says_whose_it_is() -> None:
    made = uri(new_secret(), "siti@dinas.example")

    assert made.startswith("otpauth://totp/Satu%20Inovasi:siti%40dinas.example?secret=")
