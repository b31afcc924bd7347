"""The portal's private key: of its secret (PORTAL_KEY), else of `<data>/portal/`, where it is made."""

from __future__ import annotations

from services.portal.settings import PortalSettings
from shared.auth import keys
from shared.auth.issuers import PORTAL
from shared.auth.signing import SigningKey
from shared.faults import Flaw, Misconfigured
from shared.settings import Settings


class PortalKey:
    """Read at its first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secret = settings.of(PortalSettings).portal_key.get_secret_value()
        self._key: SigningKey | None = None

    def prepare(self) -> None:
        """Make the pair unless there is a secret. Raises Misconfigured for a folder that cannot be written."""
        if self._secret:
            self.load()
            return
        try:
            keys.init(self._settings.root, self._settings.keys, PORTAL)
        except OSError as error:
            why = f"no key to sign with, and none can be made ({error.strerror}); run `make secrets`"
            raise Misconfigured([Flaw("PORTAL_KEY_FILE", "missing", why)]) from error

    def load(self) -> SigningKey:
        """The key. Raises Misconfigured."""
        if self._key is None:
            if self._secret:
                self._key = SigningKey.parse(self._secret.encode(), "PORTAL_KEY")
            else:
                self._key = SigningKey.read(PORTAL.private_path(self._settings.root))
        return self._key

    def derived(self, purpose: str) -> bytes:
        """A secret made of the key. Raises Misconfigured."""
        return self.load().derived(purpose)
