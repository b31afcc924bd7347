"""The people of the demo who sign in at the portal by one click: each is invited, accepts, and signs in over HTTP as a
browser would."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import httpx2

from shared.clock import machine_seconds
from shared.demo.client import Client
from shared.demo.mail_sandbox import MailSandbox

_CODE = re.compile(r"/undangan\?kode=(\S+)")
_WITHIN = 30.0  # seconds until the mail with the invitation has arrived


@dataclass(frozen=True)
class Person:
    """key: in the one-click form; agencies: ids, for role `agency`; home: the path of the first page."""

    key: str
    name: str
    email: str
    role: str
    region: str
    agencies: tuple[str, ...]
    home: str


class People:
    """Who can be signed in. address: of the portal; set it and call `invite` once the server runs."""

    def __init__(self, mail: MailSandbox) -> None:
        self._mail = mail
        self._passwords: dict[str, str] = {}
        self._people: dict[str, Person] = {}
        self.address = ""

    async def invite(self, operator: Client, people: Sequence[Person]) -> None:
        """Make an account for each: invited by the operator, accepted through the link in the mail."""
        for person in people:
            before = len(self._mail.mails)
            body = {
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "region": person.region,
                "agencies": list(person.agencies),
            }
            await operator.create("/portal/v1/invitations", body, f"invitation {person.key}")
            code, password = await self._invited(person.email, before), secrets.token_urlsafe(18)
            fields = {"kode": code, "surel": person.email, "nama": person.name, "sandi": password, "ulangi": password}
            await self._sent("/undangan", fields)
            self._passwords[person.key], self._people[person.key] = password, person

    async def sign_in(self, key: str) -> tuple[str, list[str]]:
        """The path of the person's first page, and the cookies of a new session. Raises KeyError, LookupError."""
        person = self._people[key]
        fields = {"surel": person.email, "sandi": self._passwords[key]}
        answer = await self._sent("/masuk", fields)
        cookies = answer.headers.get_list("set-cookie")
        if not cookies:
            raise LookupError(f"{person.email} was not let in: {answer.status_code}")
        return person.home, cookies

    async def _invited(self, email: str, before: int) -> str:
        """The code in the link of the mail. Raises LookupError when none arrives."""
        until = machine_seconds() + _WITHIN
        while machine_seconds() < until:
            for mail in self._mail.mails[before:]:
                if email in mail.to and (found := _CODE.search(mail.text)):
                    return found[1]
            await asyncio.sleep(0.05)
        raise LookupError(f"no invitation arrived at {email}")

    async def _sent(self, path: str, fields: dict[str, str]) -> httpx2.Response:
        """Send a form as a browser of this address does. Raises httpx2.HTTPStatusError for a refused one."""
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as client:
            answer = await client.post(f"{self.address}{path}", data=fields)
        if answer.is_error:
            answer.raise_for_status()
        return answer
