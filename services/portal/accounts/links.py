"""The addresses of pages that mails and operators hand on. The code is in the query, which no access log has."""

from __future__ import annotations

from urllib.parse import quote

from services.portal.accounts.proofs.codes import Code

INVITATION_PATH = "/undangan"
RESET_PATH = "/lupa-sandi/baru"
SIGN_IN_PATH = "/masuk"


class Links:
    """base: the public address, without a path; empty until the process knows its own."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._configured = bool(base)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the portal by https."""
        return self._base.startswith("https:")

    def listening(self, url: str) -> None:
        """The process answers there; counts unless an address is configured."""
        if not self._configured:
            self._base = url.rstrip("/")

    def invitation(self, code: Code) -> str:
        """Where an invitation is accepted."""
        return self._link(INVITATION_PATH, code)

    def reset(self, code: Code) -> str:
        """Where another password is chosen."""
        return self._link(RESET_PATH, code)

    def _link(self, path: str, code: Code) -> str:
        return f"{self._base}{path}?kode={quote(str(code), safe='')}"
