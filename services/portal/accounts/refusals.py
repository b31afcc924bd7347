"""Why somebody is not signed in. None of these tells whether there is such an account."""

from __future__ import annotations

from datetime import datetime

from shared.faults import Conflict, Fault


class WrongCredentials(Fault):
    """The address, the password or the code is wrong, or the account is closed."""

    slug = "wrong-credentials"


class Locked(Fault):
    """Too many wrong tries. until: machine time at which the next one is looked at."""

    slug = "locked"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class LinkOver(Fault):
    """The code in a link is wrong, used, replaced by a newer one, or too old."""

    slug = "link-over"


class AddressTaken(Conflict):
    """Another account has this e-mail address."""

    slug = "address-taken"
