"""Acts on a running system as its users do: over HTTP, with tokens, trying again while it is away.

It knows an address and how to get a token, and nothing of how the system runs: one process, processes or containers.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx2

from shared.auth.keys import Grant, issue
from shared.auth.policy import Role

T = TypeVar("T")
Answer = dict[str, Any]
Issue = Callable[[Grant], str]
AWAY = (502, 503, 504)
_SOONEST = 0.01  # seconds


def issuing(data: Path) -> Issue:
    """A function that makes tokens, signed with the operator's key below `data`."""
    return lambda grant: issue(data, grant, timedelta(days=1))


class Refused(Exception):
    """The answer was a problem document."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        is_json = "json" in response.headers.get("content-type", "")
        self.problem: Answer = response.json() if is_json else {"detail": response.text[:300]}
        super().__init__(f"{response.request.method} {response.request.url}: {self.status} {self.problem}")


class Away(Exception):
    """The system was away too long: connections refused or broken, 502, 503 or 504."""


async def eventually(
    ask: Callable[[], Awaitable[T]],
    holds: Callable[[T], bool] = bool,
    *,
    within: float = 30.0,
    every: float = 0.1,
) -> T:
    """Ask again until `holds` is true of the answer; 404 and a system that is away are asked again too. Fails with the
    last answer. within, every: seconds; at first it is asked sooner, after a fifth of the time that was waited."""
    began = time.monotonic()
    until = began + within
    last: object = None
    while True:
        try:
            answer = await ask()
            if holds(answer):
                return answer
            last = answer
        except Away as away:
            last = away
        except Refused as refused:
            if refused.status not in (404, *AWAY):
                raise
            last = refused
        if time.monotonic() > until:
            raise AssertionError(f"not within {within} s; the last answer: {last}")
        await asyncio.sleep(min(every, max(_SOONEST, (time.monotonic() - began) / 5)))


class Api:
    """Sends requests with one token to one address. While the system is away it tries again, up to `patience` seconds;
    a request that creates has the same `Idempotency-Key` each time, so nothing is created twice."""

    def __init__(self, base_url: str, token: str | None = None, *, patience: float = 30.0) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=20, trust_env=False)
        self._patience = patience

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(self, path: str, **query: str | int) -> Answer:
        """A resource, or one page of a list."""
        return _read(await self._patiently("GET", path, params=query))

    async def every(self, path: str, **query: str | int) -> list[Answer]:
        """All items of all pages."""
        items: list[Answer] = []
        page = await self.get(path, limit=200, **query)
        while True:
            items += page["items"]
            if not page["next"]:
                return items
            page = await self.get(path, limit=200, **query, after=page["next"])

    async def create(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Answer:
        """POST a new resource."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return _read(await self._patiently("POST", path, json=body, headers=headers))

    async def change(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        of: str | None = None,
        done: Callable[[Answer], bool] = lambda _: False,
    ) -> Answer:
        """PUT or POST a change of the resource at `of` (by default: at `path`), with its present version as `If-Match`.
        When an answer was lost, `done` tells from the resource whether the change was made."""
        until = time.monotonic() + self._patience
        while True:
            seen = await self._patiently("GET", of or path)
            if done(_read(seen)):
                return _read(seen)
            headers = {"If-Match": seen.headers["etag"]}
            try:
                response = await self._http.request(method, path, json=body, headers=headers)
            except httpx2.TransportError:
                response = None
            if response is not None and response.is_success:
                return _read(response)
            if response is not None and response.status_code not in (412, *AWAY):
                raise Refused(response)
            if time.monotonic() > until:
                raise Away(f"{method} {path}")
            await asyncio.sleep(0.2)

    async def put(self, path: str, body: Mapping[str, Any]) -> Answer:
        """PUT what needs no version."""
        return _read(await self._patiently("PUT", path, json=body))

    async def raw(self, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own options
        """One request without a retry, and its answer, whatever it is."""
        return await self._http.request(method, path, **how)

    async def _patiently(self, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own options
        until = time.monotonic() + self._patience
        while True:
            try:
                response = await self._http.request(method, path, **how)
            except httpx2.TransportError as error:
                if time.monotonic() > until:
                    raise Away(f"{method} {path}: {error!r}") from error
            else:
                if response.is_success:
                    return response
                if response.status_code not in AWAY or time.monotonic() > until:
                    raise Refused(response)
            await asyncio.sleep(0.2)


class Regency:
    """A new regional government and its users. Everything in it has a fresh id."""

    def __init__(self, base_url: str, issue: Issue, *, patience: float = 30.0) -> None:
        """issue: makes a token for a grant."""
        self.code = _code()
        self._base_url = base_url
        self._issue = issue
        self._patience = patience
        self._people: dict[Grant, Api] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._people.values():
            await each.close()

    def _as(self, grant: Grant) -> Api:
        if grant not in self._people:
            self._people[grant] = Api(self._base_url, self._issue(grant), patience=self._patience)
        return self._people[grant]

    @property
    def operator(self) -> Api:
        """The operator of the system."""
        return self._as(Grant("operator", Role.OPERATOR))

    @property
    def curator(self) -> Api:
        """The curator: the planning agency of the region."""
        return self._as(Grant(f"curator-{self.code}", Role.CURATOR, self.code))

    @property
    def other_curator(self) -> Api:
        """A colleague of the curator, with an account of its own."""
        return self._as(Grant(f"curator-{self.code}-2", Role.CURATOR, self.code))

    def officer(self, agency: str) -> Api:
        """A user of one agency."""
        return self._as(Grant(f"officer-{agency}", Role.AGENCY, self.code, (agency,)))

    async def go_live(self) -> None:
        """Let alerts leave the system, confirming how many persons get how many messages; nothing when they do."""
        if (await self.operator.get("/notifications/v1/mode"))["mode"] == "live":
            return

        async def confirmed() -> Answer:
            effect = await self.operator.get("/notifications/v1/mode/effect")
            confirm = {name: effect[name] for name in ("persons", "messages")}
            try:
                return await self.operator.put("/notifications/v1/mode", {"mode": "live", "confirm": confirm})
            except Refused as refused:
                if refused.problem.get("type", "").endswith("alerting-not-confirmed"):
                    raise Away("the numbers changed meanwhile") from refused
                raise

        await eventually(confirmed)

    async def be_reminded_at_any_hour(self) -> None:
        """Set an alert policy without quiet hours and holidays, and with the highest cap for each person."""
        path = f"/notifications/v1/alert-policies/{self.code}"
        policy = {"quiet_from": "00:00", "quiet_until": "00:00", "holidays_are_quiet": False, "person_cap": 20}

        async def set_it() -> Answer:
            return await self.curator.change(
                "PUT", path, policy, done=lambda it: it["in_force"]["person_cap"] == policy["person_cap"]
            )

        await eventually(set_it)  # once notifications knows the region

    async def found(self, *, counts_when: str = "submitted", kinds: tuple[str, ...] = ("dinas",)) -> Answer:
        """Register the region, without a deadline and so without a duty."""
        policy = {"obliged_kinds": list(kinds), "minimum": 1, "counts_when": counts_when, "community_counts": True}
        terms = {"name": f"Kabupaten {self.code} (contoh)", "zone": "Asia/Pontianak", "catalogue": "2026.1"}
        return await self.operator.create("/registry/v1/regions", {"code": self.code, **terms, "policy": policy})

    async def deadline(self, year: int, day: date) -> Answer:
        """Set or change the deadline of the year; of one that has passed, confirm how many agencies become overdue."""
        path = f"/registry/v1/regions/{self.code}"
        basis = f"SE {uuid.uuid4().hex[:6]}"

        def done(region: Answer) -> bool:
            return any(each["basis"] == basis for each in region["policy"]["deadlines"])

        body: Answer = {"year": year, "date": day.isoformat(), "basis": basis}
        while True:
            try:
                return await self.curator.change("POST", f"{path}/deadlines", body, of=path, done=done)
            except Refused as refused:
                if "confirm" not in refused.problem:
                    raise
                body |= refused.problem["confirm"]

    async def agency(self, name: str = "Dinas Contoh", *, kind: str = "dinas", mail: str | None = None) -> str:
        """Register an agency, which owes for every year, with a contact at `mail`; its id."""
        body = {"region": self.code, "name": name, "kind": kind, "obliged_from": None}
        id = str((await self.curator.create("/registry/v1/agencies", body))["id"])
        if mail is not None:
            await self.contact([id], mail)
        return id

    async def contact(self, agencies: list[str], mail: str) -> str:
        """Register a contact of these agencies, once notifications knows them; its opaque id."""
        body = {"region": self.code, "agencies": agencies, "name": "Pengelola inovasi (contoh)", "email": mail}
        key = str(uuid.uuid4())

        async def create() -> Answer:
            try:
                return await self.curator.create("/notifications/v1/contacts", body, key=key)
            except Refused as refused:
                if refused.status == 422 and "agenc" in str(refused.problem.get("flaws")):
                    raise Away("notifications does not know the agency yet") from refused
                raise

        return str((await eventually(create))["id"])

    async def draft(
        self,
        agency: str,
        profile: Mapping[str, Any],
        evidence: Mapping[str, Mapping[str, Any]],
        year: int | None = None,
    ) -> str:
        """Draft an innovation with its evidence; its id."""
        officer = self.officer(agency)
        body = {"agency": agency, "profile": profile, **({} if year is None else {"year": year})}
        id = str((await officer.create("/registry/v1/innovations", body))["id"])
        path = f"/registry/v1/innovations/{id}"
        for row, claim in evidence.items():
            await officer.change("PUT", f"{path}/evidence/{row}", claim, of=path)
        return id

    async def submit(self, innovation: str, agency: str) -> Answer:
        """Submit it."""
        return await self._decide(self.officer(agency), innovation, "submit", None, "submitted")

    async def withdraw(self, innovation: str, agency: str) -> Answer:
        """Withdraw it; a verified one is withdrawn by the curator."""
        if (await self.innovation(innovation))["status"] == "verified":
            reason = {"reason": "Layanan dihentikan (contoh)."}
            return await self._decide(self.curator, innovation, "withdraw", reason, "withdrawn")
        return await self._decide(self.officer(agency), innovation, "withdraw", None, "withdrawn")

    async def verify(self, innovation: str, rows: Mapping[str, int]) -> Answer:
        """Verify it, row by row."""
        return await self._decide(self.curator, innovation, "verify", {"rows": rows}, "verified")

    async def give_back(self, innovation: str, comments: Mapping[str, str]) -> Answer:
        """Return it for correction."""
        return await self._decide(self.curator, innovation, "return", {"comments": comments}, "returned")

    async def innovation(self, id: str) -> Answer:
        """What the curator reads."""
        return await self.curator.get(f"/registry/v1/innovations/{id}")

    async def scorecard(self, innovation: str) -> Answer:
        """What the curator reads."""
        return await self.curator.get(f"/scoring/v1/scorecards/{innovation}")

    async def obligation(self, agency: str, year: int) -> Answer:
        """What the curator reads."""
        return await self.curator.get(f"/notifications/v1/obligations/{agency}/{year}")

    async def becomes(self, agency: str, year: int, status: str, *, within: float = 30.0) -> Answer:
        """The obligation once it has that status."""
        return await eventually(
            lambda: self.obligation(agency, year), lambda duty: duty["status"] == status, within=within
        )

    async def _decide(
        self, who: Api, innovation: str, verb: str, body: Mapping[str, Any] | None, status: str
    ) -> Answer:
        path = f"/registry/v1/innovations/{innovation}"
        return await who.change("POST", f"{path}/{verb}", body, of=path, done=lambda it: it["status"] == status)


_codes: set[str] = set()


def _code() -> str:
    """A region's code that this process has not used: tests share systems, and there are few codes."""
    while True:
        code = f"{10 + uuid.uuid4().int % 85}.{uuid.uuid4().int % 90 + 10}"
        if code not in _codes:
            _codes.add(code)
            return code


def _read(response: httpx2.Response) -> Answer:
    return dict(response.json()) if response.content else {}
