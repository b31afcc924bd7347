"""The two issuers of the system's own tokens: the operator's command line, and the portal. The folder of a public key
decides whose token it verifies, and so which roles the token may give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from shared.auth.policy import Role


@dataclass(frozen=True)
class Issuer:
    """name: the claim `iss`; holder: the folder of the private key, below the data folder; folder: that of the public
    keys, below the folder of all of them, empty: itself; roles: that its tokens may give; longest: that a token may be
    valid."""

    name: str
    holder: str
    folder: str
    roles: frozenset[Role]
    longest: timedelta

    def private_path(self, data: Path) -> Path:
        """The file of the private key."""
        return data / self.holder / "token.key"

    def public_folder(self, access: Path) -> Path:
        """The folder of the public keys."""
        return access / self.folder if self.folder else access


OPERATOR = Issuer("satu-inovasi", "operator", "", frozenset(Role) - {Role.PUBLIC}, timedelta(days=366))

PORTAL = Issuer(
    "satu-inovasi/portal",
    "portal",
    "portal",
    frozenset({Role.AGENCY, Role.CURATOR, Role.EXECUTIVE}),
    timedelta(minutes=10),
)
"""People who sign in at the portal. Each of its roles needs a region (`Grant.flaws`)."""
