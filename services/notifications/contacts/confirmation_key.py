"""The key of confirmation links: made once, kept in the store, so that links stay valid after a restart and on every
replica."""

from __future__ import annotations

import secrets

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation import token_of
from services.notifications.contacts.contact import Contact
from services.notifications.kinds import SECRET
from services.notifications.state import DocumentState
from shared.ports.store import Store
from shared.storage.repository import Repository

_BYTES = 32
_ID = "confirm"


class Secret(DocumentState):
    """key: in hex."""

    key: str


class ConfirmationKey:
    """Loads the key, and makes it the first time."""

    def __init__(self, store: Store) -> None:
        self._secrets = Repository(store, SECRET, Secret, "Kunci ini tidak ada.")
        self._key: bytes | None = None

    async def load(self) -> bytes:
        """The key; read once per process."""
        if self._key is None:
            found = await self._secrets.find(_ID) or await self._secrets.create(
                _ID, Secret(key=secrets.token_hex(_BYTES))
            )
            self._key = bytes.fromhex(found.value.key)
        return self._key

    async def path(self, person: str, contact: Contact, channel: ChannelName) -> str:
        """The path of the link that confirms this address, below the public address of the system."""
        return f"/notifications/v1/confirm/{token_of(person, contact, channel, await self.load())}"
