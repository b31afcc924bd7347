"""The second factor: a code of six digits that an app makes every 30 seconds (TOTP, RFC 6238), and recovery codes for a
lost telephone. Pure.

A code is accepted once: of the present step, the one before and the one after (RFC 6238 §5.2), and only of a later step
than the last accepted one.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

import pyotp
from pydantic import BaseModel, ConfigDict, Field

from shared.storage.models import replaced

STEP = 30  # seconds
ISSUER = "Satu Inovasi"
_TOLERATED = 1  # steps before and after
_CODES = 10  # recovery codes
_GROUPS, _LETTERS = 2, 5  # of a recovery code: ABCDE-FGHJK
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is mistaken for another sign: 50 bits in ten


class SecondFactor(BaseModel):
    """secret: in base 32; last_step: of the code that was accepted last; recovery: SHA-256 of the codes that are left;
    they have 50 bits, so that a plain digest is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: str = Field(repr=False)
    last_step: int = 0
    recovery: tuple[str, ...] = Field(default=(), repr=False)

    def accepting(self, code: str, now: int) -> SecondFactor | None:
        """As it is after this code; None: it is not accepted. code: of the app, or a recovery code; now: seconds since
        1970."""
        plain = _plain(code)
        step = _matching(self.secret, plain, now) if plain.isdecimal() else None
        if step is not None and step > self.last_step:
            return replaced(self, last_step=step)
        used = _digest(plain)
        if used in self.recovery:
            return replaced(self, recovery=tuple(each for each in self.recovery if each != used))
        return None

    def with_recovery(self, codes: tuple[str, ...]) -> SecondFactor:
        """With these recovery codes and no others."""
        return replaced(self, recovery=tuple(_digest(_plain(each)) for each in codes))


def new_secret() -> str:
    """160 bits in base 32."""
    return pyotp.random_base32()


def new_recovery_codes() -> tuple[str, ...]:
    """Shown once."""
    return tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
        for _ in range(_CODES)
    )


def confirmed(secret: str, code: str, now: int) -> SecondFactor | None:
    """A new second factor; None unless the code shows that the app has the secret."""
    step = _matching(secret, _plain(code), now)
    return None if step is None else SecondFactor(secret=secret, last_step=step)


def uri(secret: str, email: str) -> str:
    """What the app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def _matching(secret: str, code: str, now: int) -> int | None:
    """The newest step whose code this is."""
    present = now // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    steps = range(present + _TOLERATED, present - _TOLERATED - 1, -1)
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return found[0] if found else None


def _plain(code: str) -> str:
    """Without what people type between the signs."""
    return "".join(each for each in code.upper() if each.isascii() and each.isalnum())


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
