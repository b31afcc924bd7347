"""The `/confirm` routes: whoever has received a link confirms that the address is theirs.

GET only shows a button, since mail scanners open every link of a message; POST confirms. Both are public: the token is
the proof.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import structlog
from fastapi import Path, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from services.notifications.api.confirmation_page import ASKING, CONFIRMED, UNKNOWN
from services.notifications.contacts.confirmation import ConfirmationToken, confirmed_by
from services.notifications.contacts.confirmation_key import ConfirmationKey
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.waking import Waker, wake
from shared.auth.policy import EVERYBODY
from shared.faults import NotFound
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.routes import Routes, get, post

TokenInPath = Annotated[str, Path(max_length=200, description="The token of a link that this system has sent.")]

log = structlog.get_logger("notifications")


class ConfirmationRoutes(Routes):
    """A wrong, old or unreadable token is answered with 404, and nothing more is said: as a page to a browser, else as
    a problem."""

    prefix = "/confirm"
    tag = "contacts"

    def __init__(self, store: Store, key: ConfirmationKey, waker: Waker) -> None:
        self._contacts = contact_repository(store)
        self._key = key
        self._waker = waker

    @get("/{token}", *EVERYBODY, response_class=HTMLResponse)
    async def show_confirmation(self, *, request: Request, token: TokenInPath) -> Response:
        """Show the page with the button that confirms an address. Changes nothing."""
        found = await self._find(token)
        if found is None:
            return _unknown(request)
        parsed, contact = found
        return (CONFIRMED if contact.value.confirmed(parsed.channel) else ASKING).response()

    @post("/{token}", *EVERYBODY, response_class=HTMLResponse)
    async def confirm_address(self, *, request: Request, token: TokenInPath) -> Response:
        """Confirm an address. A repeat gets the same answer."""
        found = await self._find(token)
        if found is None:
            return _unknown(request)
        parsed, contact = found
        confirm = partial(confirmed_by, parsed, key=await self._key.load())
        stored = await self._contacts.amend(contact.id, None, without_event(confirm))
        if not stored.value.confirmed(parsed.channel):
            return _unknown(request)  # the address was replaced meanwhile
        if stored.changed:
            log.info("contact.confirmed", person=contact.id, channel=parsed.channel.value)
            wake(self._waker, stored.value)
        return CONFIRMED.response()

    async def _find(self, text: str) -> tuple[ConfirmationToken, Versioned[Contact]] | None:
        token = ConfirmationToken.parse(text)
        contact = await self._contacts.find(token.person) if token else None
        if token is None or contact is None or not token.belongs_to(contact.value, await self._key.load()):
            return None
        return token, contact


def _unknown(request: Request) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return UNKNOWN.response()
    raise NotFound("Tautan ini tidak berlaku.")
