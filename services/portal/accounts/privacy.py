"""What the portal does for `satu privacy`: accounts, with names and addresses, and invitations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.portal.accounts.account import Account, AccountStatus
from services.portal.accounts.address import digest, normalised
from services.portal.accounts.invitation import KEPT, Invitation
from services.portal.accounts.kinds import ACCOUNT, INVITATION, RESET, SESSION
from services.portal.accounts.repositories import account_repository, invitation_repository
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.taken_addresses import TakenAddresses
from shared.clock import Clock
from shared.faults import Flaw, Invalid
from shared.ports.store import Store, Where
from shared.runtime.personal_data import Affected, Correctable, DataKind, ErasedData, HeldData, Subject
from shared.storage.erasures.entry import ACCOUNT as OF_ACCOUNT
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.names import NameFinder, words_of
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

SERVICE = "portal"
_ACCOUNT = DataKind("account", "nama dan alamat surel pemegang akun", "pemegang akun portal", "sampai dihapus")
_SESSION = DataKind(
    "session", "nama peramban dan waktu pemakaian terakhir", "pemegang akun portal", "paling lama 7 hari", 7
)
_INVITATION = DataKind(
    "invitation",
    "nama dan alamat surel orang yang diundang",
    "orang yang diundang",
    f"{KEPT.days} hari setelah undangan berakhir",
    KEPT.days,
)
_LONGEST_NAME = 200


class PortalPersonalData:
    """A `PersonalData`. Invitations are erased by a purge as well; of the erased ones nothing is left, so that only
    accounts are listed."""

    def __init__(self, store: Store, sessions: Sessions, taken: TakenAddresses, erasures: Erasures) -> None:
        self._store = store
        self._accounts = account_repository(store)
        self._invitations = invitation_repository(store)
        self._sessions = sessions
        self._taken = taken
        self._erasures = erasures

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What is held."""
        return (_ACCOUNT, _SESSION, _INVITATION)

    async def find(self, subject: Subject) -> list[HeldData]:
        """The accounts and invitations of a person, without password and second factor."""
        held: list[HeldData] = []
        for account in await self._accounts_of(subject):
            data = account.value.model_dump(mode="json", exclude={"password", "second_factor"})
            kept = "sudah dihapus" if account.value.status is AccountStatus.ERASED else ""
            held.append(HeldData(ACCOUNT.name, account.id, "akun portal", data, kept=kept))
            for session in await self._sessions.of_account(account):
                data = session.value.model_dump(mode="json", include={"device", "begun_at", "seen_at"})
                held.append(HeldData(SESSION.name, session.id, "sesi yang terbuka", data))
        for invitation in await self._invitations_of(subject):
            data = invitation.value.model_dump(mode="json", exclude={"digest", "created_by_body"})
            held.append(HeldData(INVITATION.name, invitation.id, "undangan akun", data))
        return held

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:  # noqa: ARG002 - the audit notes who
        """The name or the address of one account, and of invitations. Raises Invalid, AddressTaken."""
        name, email = values.get(Correctable.NAME), values.get(Correctable.EMAIL)
        if name is None and email is None:
            return 0
        if name is not None and (not words_of(name) or not name.isprintable() or len(name) > _LONGEST_NAME):
            raise Invalid([Flaw("name", "malformed", "bukan nama orang")])
        address = None if email is None else _address(email)
        accounts = [each for each in await self._accounts_of(subject) if each.value.status is not AccountStatus.ERASED]
        if address and len(accounts) > 1:
            raise Invalid(
                [Flaw("account", "not-one", f"menunjuk {len(accounts)} akun; sebutkan satu dengan --account")]
            )
        return sum([await self._describe(each, name, address) for each in accounts])

    async def erase(self, subject: Subject, by: str) -> ErasedData:  # noqa: ARG002 - as above
        """Accounts, their sessions, and invitations. The record of who did what keeps the opaque id."""
        erasures: list[Erasure] = []
        count = 0
        for account in await self._accounts_of(subject):
            if account.value.status is AccountStatus.ERASED:
                continue
            count += await self._erase_account(account.id)
            region = account.value.region or ""
            erasures.append(Erasure(service=SERVICE, kind=OF_ACCOUNT, id=account.id, region=region, at=Clock.machine()))
        for invitation in await self._invitations_of(subject):
            await self._store.erase(INVITATION.name, invitation.id)
            count += 1
            region = invitation.value.region or ""
            erasures.append(
                Erasure(service=SERVICE, kind=OF_ACCOUNT, id=invitation.id, region=region, at=Clock.machine())
            )
        unique = list({each.key: each for each in erasures}.values())
        await self._erasures.record(unique)
        return ErasedData(documents=count, erasures=unique)

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:  # noqa: ARG002 - ids only
        """Again, after a restore."""
        count = 0
        for each in erasures:
            if each.kind == OF_ACCOUNT:
                count += await self._erase_account(each.id)
                if await self._invitations.find(each.id) is not None:
                    await self._store.erase(INVITATION.name, each.id)
                    count += 1
        return count

    async def unlisted(self, listed: Collection[str]) -> list[Erasure]:
        """Erased accounts that the list lacks, as a crash left them."""
        rows = self._store.scan(ACCOUNT.name, {"status": AccountStatus.ERASED.value}, ("region",))
        found = [
            Erasure(service=SERVICE, kind=OF_ACCOUNT, id=row.id, region=row["region"] or "", at=Clock.machine())
            async for row in rows
        ]
        return [each for each in found if each.key not in listed]

    async def affected(self, region: str) -> list[Affected]:
        """How much there is. Sessions are counted with their accounts."""
        present: Where = {"region": region} if region else {}
        rows = [row async for row in self._store.scan(ACCOUNT.name, present, ("status",))]
        people = {row.id for row in rows if row["status"] != AccountStatus.ERASED.value}
        sessions = [row["account"] async for row in self._store.scan(SESSION.name, {}, ("account",))]
        of_region = [each for each in sessions if each in people]
        invited = [row.id async for row in self._store.scan(INVITATION.name, present, ())]
        return [
            Affected(_ACCOUNT, len(people), len(people)),
            Affected(_SESSION, len(of_region), len(set(of_region))),
            Affected(_INVITATION, len(invited), len(invited)),
        ]

    async def _erase_account(self, id: str) -> int:
        """With its sessions, links and address; how many documents. May be repeated."""
        found = await self._accounts.find(id)
        if found is None:
            return 0
        done = await self._accounts.amend(id, None, without_event(Account.erased))
        await self._store.erase(RESET.name, id)
        await self._taken.release_all(id)
        return int(done.changed) + await self._sessions.erase_of(id)

    async def _describe(self, found: Versioned[Account], name: str | None, email: str | None) -> int:
        before = found.value
        address = email or before.email
        await self._taken.take(address, found.id)
        done = await self._accounts.amend(
            found.id, None, without_event(lambda it: it.described(name or it.name, address, it.agencies))
        )
        if digest(address) != digest(before.email):
            await self._taken.release(before.email, found.id)
        return int(done.changed)

    async def _accounts_of(self, subject: Subject) -> list[Versioned[Account]]:
        if subject.account:
            found = await self._accounts.find(subject.account)
        elif subject.email:
            found = await self._taken.owner(subject.email)
        elif subject.name:
            return await self._named(subject)
        else:
            found = None
        fits = found is not None and (not subject.region or found.value.region in (None, subject.region))
        return [found] if found is not None and fits else []

    async def _named(self, subject: Subject) -> list[Versioned[Account]]:
        finder = NameFinder.of_name(subject.name)
        rows = self._store.scan(ACCOUNT.name, {"region": subject.region}, ("name", "agencies"))
        ids = [
            row.id
            async for row in rows
            if finder.spans(row["name"]) and (not subject.agency or subject.agency in row["agencies"])
        ]
        return [await self._accounts.get(id) for id in ids]

    async def _invitations_of(self, subject: Subject) -> list[Versioned[Invitation]]:
        if not (subject.account or subject.email or subject.name):
            return []
        finder = NameFinder.of_name(subject.name) if subject.name else None
        wanted = subject.email.strip().casefold()
        found: list[Versioned[Invitation]] = []
        async for row in self._store.scan(INVITATION.name, {}, ("name", "email", "region")):
            if subject.region and row["region"] not in (None, subject.region):
                continue
            by_id = bool(subject.account) and row.id == subject.account
            by_email = bool(wanted) and row["email"].casefold() == wanted
            by_name = finder is not None and bool(finder.spans(row["name"]))
            if by_id or by_email or by_name:
                found.append(await self._invitations.get(row.id))
        return found


def _address(text: str) -> str:
    try:
        return normalised(text)
    except ValueError as error:
        raise Invalid([Flaw("email", "malformed", str(error))]) from error
