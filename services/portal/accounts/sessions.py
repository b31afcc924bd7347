"""The sessions of all browsers. Nothing of them is cached: a session that has ended is over at the next request."""

from __future__ import annotations

from services.portal.accounts.account import Account
from services.portal.accounts.kinds import SESSION
from services.portal.accounts.repositories import account_repository, session_repository
from services.portal.accounts.session import Session, Step, begun, id_of, new_cookie
from services.portal.pages.session import SignedIn
from shared.clock import machine_ms
from shared.ports.store import Range, Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

_LONGEST = 200  # characters of a cookie
_MOST_LISTED = 50
_NEWEST_FIRST = (("begun_at", -1),)


class Sessions:
    """Every method raises StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts = account_repository(store)
        self._sessions = session_repository(store)

    async def of(self, cookie: str | None) -> SignedIn | None:
        """Who is signed in; None: nobody. Notes that the session is used."""
        found = await self._valid(cookie, Step.OPEN)
        if found is None:
            return None
        session, account = found
        now = machine_ms()
        if session.value.seen(now) is not None:
            await self._sessions.change(
                session.id, without_event(lambda before: before.seen(now) if before else None), known=session
            )
        return signed_in(session, account)

    async def waiting(self, cookie: str | None) -> tuple[Versioned[Session], Versioned[Account]] | None:
        """The session that waits for the code of the second factor, and its account."""
        return await self._valid(cookie, Step.CODE)

    async def account_of(self, session: str) -> Versioned[Account] | None:
        """The account of an open session, by the session's id; None: it is over."""
        found = await self._checked(session, Step.OPEN)
        return None if found is None else found[1]

    async def begin(self, account: Versioned[Account], step: Step, *, device: str = "", onward: str = "") -> str:
        """A new session; its cookie. No browser keeps a cookie that it had before it signed in."""
        cookie = new_cookie()
        session = begun(account.id, account.value.generation, step, machine_ms(), device=device, onward=onward)
        await self._sessions.create(id_of(cookie), session)
        return cookie

    async def end(self, session: str) -> bool:
        """End a session, by its id. False: it was over."""
        if await self._sessions.find(session) is None:
            return False
        ended = await self._sessions.amend(session, None, without_event(Session.ended))
        return ended.changed

    async def of_account(self, account: Versioned[Account]) -> list[Versioned[Session]]:
        """The open sessions of an account, the newest first."""
        page = await self._sessions.list({"account": account.id}, limit=_MOST_LISTED, after=None, sort=_NEWEST_FIRST)
        return [each for each in page.items if _is_valid(each.value, account.value, Step.OPEN)]

    async def page(
        self, *, limit: int, after: str | None
    ) -> tuple[list[tuple[Versioned[Session], Versioned[Account]]], str | None]:
        """A page of all open sessions with their accounts, the newest first, and the cursor of the next one; a page may
        have fewer than `limit`."""
        page = await self._sessions.list({"step": Step.OPEN.value}, limit=limit, after=after, sort=_NEWEST_FIRST)
        found = [await self._checked(each.id, Step.OPEN) for each in page.items]
        return [each for each in found if each is not None], page.after

    async def erase_of(self, account: str) -> int:
        """Erase the sessions of an account; how many."""
        ids = [row.id async for row in self._store.scan(SESSION.name, {"account": account}, ())]
        for id in ids:
            await self._store.erase(SESSION.name, id)
        return len(ids)

    async def purge(self) -> int:
        """Erase those whose time is over; how many."""
        ids = [row.id async for row in self._store.scan(SESSION.name, {"until": Range(below=machine_ms())}, ())]
        for id in ids:
            await self._store.erase(SESSION.name, id)
        return len(ids)

    async def _valid(self, cookie: str | None, step: Step) -> tuple[Versioned[Session], Versioned[Account]] | None:
        if not cookie or len(cookie) > _LONGEST:
            return None
        return await self._checked(id_of(cookie), step)

    async def _checked(self, id: str, step: Step) -> tuple[Versioned[Session], Versioned[Account]] | None:
        session = await self._sessions.find(id)
        account = await self._accounts.find(session.value.account) if session else None
        if session is None or account is None or not _is_valid(session.value, account.value, step):
            return None
        return session, account


def signed_in(session: Versioned[Session], account: Versioned[Account]) -> SignedIn:
    """Who that is."""
    of = account.value
    return SignedIn(
        session=session.id,
        account=account.id,
        name=of.name,
        role=of.role,
        region=of.region,
        agencies=of.agencies,
        csrf=session.value.csrf,
        language=of.language,
    )


def _is_valid(session: Session, account: Account, step: Step) -> bool:
    same = session.step is step and session.generation == account.generation
    return same and account.is_active and session.is_valid(machine_ms())
