"""The portal under test: sends forms in a role, and tells what its owners carried out meanwhile."""

from __future__ import annotations

import random
import socket
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import urljoin, urlsplit

import httpx2

from services.portal.owners.answers import OwnerAway
from services.portal.owners.client import OwnerClient
from services.portal.pages.session import PLAIN_COOKIE
from shared.auth.policy import Role
from tests.support.portal_forms.bad import Sent, asked_for, drawn
from tests.support.portal_forms.found import Found, Place, Routes, walk
from tests.support.portal_forms.judged import judged, seen
from tests.support.portal_forms.page import FoundForm, read_page

SLOW = 10.0
"""Seconds that an answer may take on a machine that does much besides."""

_QUESTIONS = ("what-if", "likeness", "preview")  # sent as POST, and change nothing
_IN_PARTS = ("/profil/", "/bukti/")
_ENDING = ("/keluar", "/akun/sesi/akhiri", "/akun/sandi")


class Watched:
    """commands: changes that owners carried out; broken: what the portal did not expect, with its trace; late: owners
    that did not answer in time, which a busy machine is to blame for."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.broken: list[str] = []
        self.late = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Until the end of the block."""
        watched, send, send_file = self, OwnerClient._send, OwnerClient.send_file

        async def _send(self: OwnerClient, method: str, path: str, *rest: Any, **options: Any) -> object:  # noqa: ANN401
            return await watched._noted(self.owner, method, path, send(self, method, path, *rest, **options))

        async def _send_file(self: OwnerClient, method: str, path: str, *rest: Any, **options: Any) -> object:  # noqa: ANN401
            return await watched._noted(self.owner, method, path, send_file(self, method, path, *rest, **options))

        def exception(event: str, **_: object) -> None:
            watched.broken.append(f"{event}: {traceback.format_exc(limit=-4)}")

        with (
            mock.patch.object(OwnerClient, "_send", _send),
            mock.patch.object(OwnerClient, "send_file", _send_file),
            mock.patch("services.portal.pages.app.log.exception", exception),
        ):
            yield

    async def _noted(self, owner: str, method: str, path: str, work: Any) -> object:  # noqa: ANN401 - a coroutine
        try:
            answer = await work
        except OwnerAway as away:
            self.late += "in time" in str(away.detail)
            raise
        if method != "GET" and not any(each in path for each in _QUESTIONS):
            self.commands.append(f"{method} {owner}{path[:80]}")
        return answer


class Person:
    """Someone who opens pages and sends forms; signed in again when a form has ended the session."""

    def __init__(self, url: str, role: Role | None, cookie: Callable[[], str], watched: Watched) -> None:
        """cookie: of a new session; empty: nobody is signed in."""
        self.role = role
        self._url = url
        self._cookie = cookie
        self._watched = watched
        self.http = httpx2.Client(base_url=url, trust_env=False, timeout=60)
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session."""
        self.http.cookies.clear()
        if cookie := self._cookie():
            self.http.cookies.set(PLAIN_COOKIE, cookie)

    def found(self, routes: Routes, begin: Sequence[str] = ()) -> Found:
        """All pages and forms that this person reaches."""
        return walk(self.http, routes, self.role, begin)

    def form(self, place: Place) -> FoundForm | None:
        """The form as its page shows it now; None: it is not there any more."""
        answer = self.http.get(place.page)
        if answer.status_code == httpx2.codes.SEE_OTHER and answer.headers["location"].startswith("/masuk"):
            self.sign_in()
            answer = self.http.get(place.page)
        for each in read_page(answer.text).forms:
            if each.method == "post" and urljoin(place.page, each.action or place.page) == place.action:
                return each
        return None

    def send(self, dice: random.Random, place: Place, ids: list[str]) -> list[str] | None:
        """Send one drawn form from a place; what is wrong with the answer. None: the form is not there any more."""
        form = self.form(place)
        if form is None:
            return None
        kind, sent = drawn(dice, form, place.action, ids)
        commands, broken, late = len(self._watched.commands), len(self._watched.broken), self._watched.late
        began = time.monotonic()
        if sent.cut is not None:
            self._cut(sent)
            found = []
        else:
            answer = self.http.post(sent.action, content=sent.body, headers=self._headers(sent))
            if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE and self._watched.late > late:
                return []
            in_parts = any(each in place.action for each in _IN_PARTS)
            found = judged(answer, sent, form, self._watched.commands[commands:], in_parts=in_parts)
        if (took := time.monotonic() - began) > SLOW:
            found.append(f"{took:.1f} s")
        found += self._watched.broken[broken:]
        if place.action.startswith(_ENDING):
            self.sign_in()
        shown = [(name, value[:60]) for name, value in sent.fields if name != "csrf"][:12] if found else ()
        return [f"{kind}, {sent.action[:120]}: {each}; {shown}" for each in found]

    def ask(self, dice: random.Random, address: str, names: Sequence[str], ids: list[str]) -> list[str]:
        """Open a page with a drawn query, or with a part of its path replaced; what is wrong with the answer."""
        asked = asked_for(dice, address, names, ids)
        broken, late = len(self._watched.broken), self._watched.late
        began = time.monotonic()
        answer = self.http.get(asked, headers={"accept": "text/html"})
        found = [] if self._watched.late > late else seen(answer)
        if (took := time.monotonic() - began) > SLOW:
            found.append(f"{took:.1f} s")
        return [f"GET {asked[:300]}: {each}" for each in [*found, *self._watched.broken[broken:]]]

    def _headers(self, sent: Sent) -> dict[str, str]:
        return {"content-type": sent.media_type, "accept": "text/html"}

    def _cut(self, sent: Sent) -> None:
        """Begin to send a form, and end the connection in the middle."""
        address = urlsplit(self._url)
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        head = (
            f"POST {sent.action} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\n"
            f"Content-Type: {sent.media_type}\r\nContent-Length: {len(sent.body)}\r\n\r\n"
        )
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
            connection.sendall(head.encode() + sent.body[: sent.cut])
