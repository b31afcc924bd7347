"""Links to choose another password. Whoever asks for one learns nothing: not whether there is such an account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.portal.accounts.account import Account
from services.portal.accounts.kinds import RESET
from services.portal.accounts.links import Links
from services.portal.accounts.proofs.codes import Code, Codes, digest_of
from services.portal.accounts.proofs.limiter import Limiter
from services.portal.accounts.proofs.password import Passwords, flaw
from services.portal.accounts.refusals import LinkOver
from services.portal.accounts.repositories import account_repository, reset_repository
from services.portal.accounts.reset import Reset
from services.portal.accounts.taken_addresses import TakenAddresses
from services.portal.pages.language import _
from shared.clock import machine_ms
from shared.faults import Conflict, Fault, Flaw, Invalid
from shared.ports.store import Range, Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

PURPOSE = "reset"
MOST_ASKED = 20  # of one network within WINDOW
WINDOW = 3600.0  # seconds

log = structlog.get_logger("portal")


class Resetting:
    """As `Inviting`."""

    def __init__(
        self,
        store: Store,
        taken: TakenAddresses,
        passwords: Passwords,
        *,
        codes: Codes,
        links: Links,
        sends_mail: bool,
        woken: Callable[[], None],
    ) -> None:
        self._store = store
        self._accounts = account_repository(store)
        self._resets = reset_repository(store)
        self._taken = taken
        self._passwords = passwords
        self._codes = codes
        self._links = links
        self.sends_mail = sends_mail
        self._woken = woken
        self._limiter = Limiter(MOST_ASKED, WINDOW)
        self._asking: set[asyncio.Task[None]] = set()

    async def ask(self, email: str, client: str) -> None:
        """Send a link to the address if an account has it. The answer comes before that is known, so that its time
        tells nothing. client: the network's address. Raises QuotaSpent."""
        self._limiter.require(client)
        self._limiter.count(client)
        task = asyncio.create_task(self._send_to(email), name="reset asked for")
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def settled(self) -> None:
        """Wait until all that was asked for is stored."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def link(self, account: str, by: str) -> str:
        """A link for somebody to hand on, when there is no server for mails. by: an account or a command. Raises
        NotFound, Conflict for a closed account."""
        found = await self._accounts.get(account)
        if not found.value.is_active:
            raise Conflict(_("Akun ini ditutup."))
        reset = await self._new(found.id, lambda before, digest, now: before.made(digest, now, by))
        return self._links.reset(self._codes.code(PURPOSE, found.id, reset.value.turn))

    async def told(self, account: str, by: str) -> str | None:
        """The link to an account, for whoever has just made it; None for everybody else."""
        found = await self._resets.find(account)
        if found is None or not found.value.is_told(by, machine_ms()):
            return None
        return self._links.reset(self._codes.code(PURPOSE, account, found.value.turn))

    async def send(self, account: str) -> bool:
        """Send a link by mail. False: too many were sent lately. Raises NotFound, Conflict."""
        found = await self._accounts.get(account)
        if not found.value.is_active:
            raise Conflict(_("Akun ini ditutup."))
        return (await self._new(found.id, Reset.mailed)).changed

    async def opened(self, code: str) -> Versioned[Account]:
        """The account of a link that works. Raises LinkOver."""
        parsed = Code.parse(code)
        reset = await self._resets.find(parsed.id) if parsed else None
        if parsed is None or reset is None or not reset.value.is_open(machine_ms()):
            raise LinkOver
        account = await self._accounts.find(parsed.id)
        if not parsed.fits(reset.value.digest) or account is None or not account.value.is_active:
            raise LinkOver
        return account

    async def choose(self, code: str, password: str) -> Versioned[Account]:
        """Another password; every session is over, and the link too. Raises LinkOver, Invalid, Busy."""
        found = await self.opened(code)
        if (wrong := flaw(password, email=found.value.email, name=found.value.name)) is not None:
            raise Invalid([Flaw("password", "weak", wrong)])
        hash = await self._passwords.hash(password)
        await self._use(found.id, code)
        done = await self._accounts.amend(found.id, None, without_event(lambda before: before.with_password(hash)))
        log.info("portal.password_reset", account=found.id)
        return done

    async def purge(self) -> int:
        """Erase links whose time is over; how many."""
        ids = [row.id async for row in self._store.scan(RESET.name, {"until": Range(below=machine_ms())}, ())]
        for id in ids:
            await self._store.erase(RESET.name, id)
        return len(ids)

    async def _use(self, account: str, code: str) -> None:
        """Whoever comes first has used it. Raises LinkOver."""

        def step(before: Reset) -> Reset:
            parsed = Code.parse(code)
            if parsed is None or not parsed.fits(before.digest):
                raise LinkOver
            return before.used()

        await self._resets.amend(account, None, without_event(step))

    async def _send_to(self, email: str) -> None:
        try:
            found = await self._taken.owner(email)
            if found is not None and found.value.is_active and self.sends_mail:
                await self._new(found.id, Reset.mailed)
        except Fault as fault:  # whoever asked is gone
            log.warning("portal.reset_not_sent", reason=fault.detail)

    async def _new(self, account: str, make: Callable[[Reset, str, int], Reset | None]) -> Versioned[Reset]:
        now = machine_ms()

        def step(before: Reset | None) -> Reset | None:
            before = before or Reset()
            return make(before, digest_of(self._codes.code(PURPOSE, account, before.turn + 1).secret), now)

        made = await self._resets.change(account, without_event(step))
        self._woken()
        return made
