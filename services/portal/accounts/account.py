"""A person's account: who it is, what it may do, and what proves it. Pure."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from services.portal.accounts.proofs.second_factor import SecondFactor
from services.portal.pages.language import _
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.faults import Flaw
from shared.storage.models import replaced

ROLES = (Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
"""Of accounts. Only the first three are given tokens: the operator of the portal is nobody elsewhere."""

MOST_AGENCIES = 50  # of one account


class AccountStatus(StrEnum):
    """An erased account has no personal data and is never opened again."""

    ACTIVE = "active"
    CLOSED = "closed"
    ERASED = "erased"


class Account(BaseModel):
    """name, email, password (a hash), second_factor: empty or None once erased; region: None for an operator; agencies:
    that an agency's account speaks for; factor_since: when the second factor was set up; generation: a session of a
    former one is over; created_at, factor_since: business time; by: the account or command that invited; last_seen: the
    UTC day of the last sign-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    email: str
    role: Role
    region: str | None = None
    agencies: tuple[str, ...] = ()
    status: AccountStatus = AccountStatus.ACTIVE
    password: str = Field(repr=False)
    second_factor: SecondFactor | None = Field(default=None, repr=False)
    factor_since: datetime | None = None
    generation: int = 1
    language: str | None = None
    created_at: datetime
    by: str
    last_seen: date | None = None

    @property
    def is_active(self) -> bool:
        """Whether its person may sign in."""
        return self.status is AccountStatus.ACTIVE

    def grant(self, id: str) -> Grant:
        """What its tokens say. id: the account's."""
        return Grant(id, self.role, self.region, self.agencies)

    def with_password(self, hash: str) -> Account:
        """Another password; every session is over."""
        return replaced(self, password=hash, generation=self.generation + 1)

    def rehashed(self, former: str, hash: str) -> Account | None:
        """The same password, hashed with the present parameters. None: it was replaced meanwhile."""
        return replaced(self, password=hash) if self.password == former else None

    def with_second_factor(self, factor: SecondFactor, at: datetime) -> Account:
        """With a new one. at: business time."""
        return replaced(self, second_factor=factor, factor_since=at)

    def without_second_factor(self) -> Account | None:
        """None: it has none."""
        return replaced(self, second_factor=None, factor_since=None) if self.second_factor is not None else None

    def with_factor_used(self, factor: SecondFactor) -> Account:
        """A code was accepted, or other recovery codes were made."""
        return replaced(self, second_factor=factor)

    def seen_on(self, day: date) -> Account | None:
        """None: it was so already."""
        return replaced(self, last_seen=day) if self.last_seen != day else None

    def described(self, name: str, email: str, agencies: tuple[str, ...]) -> Account | None:
        """With another name, address or agencies. None: nothing differs."""
        after = replaced(self, name=name, email=email, agencies=agencies)
        return after if after != self else None

    def signed_out(self) -> Account:
        """Every session is over."""
        return replaced(self, generation=self.generation + 1)

    def closed(self) -> Account | None:
        """None: it is not active."""
        if not self.is_active:
            return None
        return replaced(self, status=AccountStatus.CLOSED, generation=self.generation + 1)

    def opened(self) -> Account | None:
        """None: it is not closed."""
        return replaced(self, status=AccountStatus.ACTIVE) if self.status is AccountStatus.CLOSED else None

    def erased(self) -> Account | None:
        """Without personal data, for ever. None: it is so already."""
        if self.status is AccountStatus.ERASED:
            return None
        return replaced(
            self,
            status=AccountStatus.ERASED,
            name="",
            email="",
            password="",
            second_factor=None,
            factor_since=None,
            last_seen=None,
            generation=self.generation + 1,
        )


def scope_flaws(role: Role, region: str | None, agencies: tuple[str, ...]) -> list[Flaw]:
    """What keeps an account from having this role with this scope; empty when it may."""
    if role not in ROLES:
        return [Flaw("role", "unknown", _("bukan peran yang dikenal"))]
    if role is Role.OPERATOR:
        return [Flaw("region", "not-fitting", _("operator tidak terikat pada daerah"))] if region or agencies else []
    found: list[Flaw] = []
    if not region:
        found.append(Flaw("region", "missing", _("wajib diisi untuk peran ini")))
    if role is Role.AGENCY and not agencies:
        found.append(Flaw("agencies", "missing", _("pilih paling sedikit satu perangkat daerah")))
    if role is not Role.AGENCY and agencies:
        found.append(Flaw("agencies", "not-fitting", _("hanya untuk akun perangkat daerah")))
    if len(agencies) > MOST_AGENCIES:
        found.append(Flaw("agencies", "too-many", _("paling banyak %(number)d") % {"number": MOST_AGENCIES}))
    return found
