from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.portal.accounts import inviting
from services.portal.accounts.application import Accounts
from services.portal.accounts.invitation import InvitationStatus
from services.portal.accounts.kinds import INVITATION
from services.portal.accounts.mail.due import MailState
from services.portal.accounts.mail.sender import Handed
from services.portal.accounts.refusals import AddressTaken, LinkOver
from shared.auth.issuers import PORTAL
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.faults import Conflict, Invalid, KeyReused
from shared.ports.store import Store
from shared.storage.stored import Fingerprint
from tests.support.accounts.office import (
    ANOTHER,
    HERE,
    PASSWORD,
    REGION,
    Mailbox,
    accounts_over,
    code_in,
    invite,
    person,
)

EMAIL = "siti@dinas.example"


def link_of(text: str) -> str:
    """The link in a mail."""
    return next(line for line in text.splitlines() if line.startswith("https://"))


async def test_an_accepted_invitation_is_an_account_of_that_role_and_signs_in(accounts: Accounts) -> None:
    invited = await invite(accounts, EMAIL, Role.EXECUTIVE)
    assert invited.link is not None
    account = await accounts.inviting.accept(code_in(invited.link), "Bu Siti", PASSWORD)

    assert (account.id, account.value.name, account.value.role) == (invited.invitation.id, "Bu Siti", Role.EXECUTIVE)
    assert (account.value.region, account.value.by) == (REGION, "op")
    assert await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    with pytest.raises(LinkOver):
        await accounts.inviting.opened(code_in(invited.link))


async def test_the_code_is_in_the_query_and_only_its_digest_in_the_store(accounts: Accounts, store: Store) -> None:
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    code = code_in(invited.link)
    document = await store.get(INVITATION.name, invited.invitation.id)

    assert invited.link == f"https://inovasi.example/undangan?kode={code}"
    assert document is not None
    assert code.partition(".")[2] not in str(document.state)


async def test_a_repeated_request_gets_the_same_link_and_another_body_is_refused(accounts: Accounts) -> None:
    first = await invite(accounts, EMAIL, id="same")
    assert (await invite(accounts, EMAIL, id="same")).link == first.link

    new = inviting.NewInvitation("Siti", "another@dinas.example", Role.CURATOR, REGION, (), "op")
    with pytest.raises(KeyReused):
        await accounts.inviting.create("same", new, Fingerprint("other", "other"))


async def test_two_who_accept_at_once_make_one_account(accounts: Accounts) -> None:
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    code = code_in(invited.link)

    done = await asyncio.gather(
        accounts.inviting.accept(code, "Siti", PASSWORD),
        accounts.inviting.accept(code, "Siti", ANOTHER),
        return_exceptions=True,
    )

    made = [each for each in done if not isinstance(each, BaseException)]
    assert {each.id for each in made} == {invited.invitation.id}
    assert len({each.value.password for each in made}) == 1


@pytest.mark.parametrize("spoil", ["wrong", "former", "revoked", "expired", "no-code"])
async def test_a_link_that_is_not_the_newest_open_one_is_over(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    code = code_in(invited.link)
    if spoil == "wrong":
        code = code[:-4] + ("AAAA" if not code.endswith("AAAA") else "BBBB")
    elif spoil == "former":
        await accounts.inviting.renew(invited.invitation.id, "op")
    elif spoil == "revoked":
        await accounts.inviting.revoke(invited.invitation.id)
    elif spoil == "expired":
        later = machine_ms() + timedelta(days=7) // timedelta(milliseconds=1)
        monkeypatch.setattr(inviting, "machine_ms", lambda: later)
    else:
        code = "x"

    with pytest.raises(LinkOver):
        await accounts.inviting.accept(code, "Siti", PASSWORD)


async def test_a_renewed_link_works_and_an_accepted_invitation_is_neither_renewed_nor_revoked(
    accounts: Accounts,
) -> None:
    invited = await invite(accounts, EMAIL)
    renewed = await accounts.inviting.renew(invited.invitation.id, "op")
    assert renewed.link is not None
    await accounts.inviting.accept(code_in(renewed.link), "Siti", PASSWORD)

    for act in (accounts.inviting.renew(invited.invitation.id, "op"), accounts.inviting.revoke(invited.invitation.id)):
        with pytest.raises(Conflict):
            await act


async def test_an_address_has_one_account_whatever_the_case_of_its_letters(accounts: Accounts) -> None:
    other = await invite(accounts, "Siti@Dinas.example")
    await person(accounts, EMAIL)

    with pytest.raises(AddressTaken):
        await invite(accounts, "SITI@dinas.example")
    assert other.link is not None
    with pytest.raises(AddressTaken):
        await accounts.inviting.accept(code_in(other.link), "Siti", PASSWORD)


async def test_an_address_that_is_given_up_is_free_again(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    await accounts.managing.describe(account.id, "Siti", "siti.baru@dinas.example", ())

    assert (await person(accounts, EMAIL)).id != account.id
    with pytest.raises(AddressTaken):
        await accounts.managing.describe(account.id, "Siti", EMAIL, ())


async def test_an_address_that_a_crash_left_taken_is_nobody_s(accounts: Accounts) -> None:
    await accounts.taken.take(EMAIL, "never-stored")

    assert await accounts.taken.owner(EMAIL) is None
    assert await person(accounts, EMAIL)


async def test_a_weak_password_is_refused_and_the_link_still_works(accounts: Accounts) -> None:
    invited = await invite(accounts, EMAIL)
    assert invited.link is not None
    with pytest.raises(Invalid):
        await accounts.inviting.accept(code_in(invited.link), "Siti", "pendek")

    assert await accounts.inviting.accept(code_in(invited.link), "Siti", PASSWORD)


async def test_a_role_with_another_scope_is_refused(accounts: Accounts) -> None:
    with pytest.raises(Invalid):
        await invite(accounts, EMAIL, Role.CURATOR, region=None)


async def test_the_list_shows_what_waits_in_its_region(accounts: Accounts) -> None:
    here = await invite(accounts, EMAIL)
    there = await invite(accounts, "budi@dinas.example", region="61.71")
    done = await person(accounts, "tuti@dinas.example")

    async def listed(region: str | None) -> set[str]:
        return {each.id for each in (await accounts.inviting.page(region, limit=50, after=None)).items}

    assert await listed(REGION) == {here.invitation.id}
    assert await listed(None) == {here.invitation.id, there.invitation.id}
    assert done.id not in await listed(None)


# --- By mail ---


async def test_an_invitation_is_mailed_once_with_its_link(mailing: Accounts, outbox: Mailbox) -> None:
    invited = await invite(mailing, EMAIL)
    await mailing.mails.run()
    await mailing.mails.run()

    (letter,) = outbox.letters
    assert letter.to == EMAIL
    assert link_of(letter.text) == invited.link
    assert invited.link is not None
    assert invited.link in letter.html
    assert (await mailing.inviting.get(invited.invitation.id)).value.mail.state is MailState.SENT


async def test_a_server_that_is_away_is_tried_again_later_and_a_refusal_is_told(
    mailing: Accounts, outbox: Mailbox
) -> None:
    outbox.answers = [Handed.AWAY, Handed.REFUSED]
    invited = await invite(mailing, EMAIL)
    other = await invite(mailing, "budi@dinas.example")
    await mailing.mails.run()
    await mailing.mails.run()

    states = [(await mailing.inviting.get(each.invitation.id)).value.mail for each in (invited, other)]
    assert sorted(each.state for each in states) == [MailState.FAILED, MailState.WAITING]
    assert len(outbox.letters) == 2, "what waits is not tried at once"


async def test_two_processes_mail_an_invitation_once(mailing: Accounts, outbox: Mailbox) -> None:
    await invite(mailing, EMAIL)
    await asyncio.gather(*(mailing.mails.run() for _ in range(4)))

    assert len(outbox.letters) == 1


async def test_a_mailed_link_works_after_the_key_has_changed(
    store: Store, tmp_path: Path, mailing: Accounts, outbox: Mailbox
) -> None:
    await invite(mailing, EMAIL)
    PORTAL.private_path(tmp_path / "data").unlink()
    rekeyed = accounts_over(store, tmp_path / "data", outbox)
    await rekeyed.mails.run()

    code = code_in(link_of(outbox.letters[0].text))
    assert await rekeyed.inviting.accept(code, "Siti", PASSWORD)
    await rekeyed.stop()


async def test_an_invitation_that_is_over_is_not_mailed(mailing: Accounts, outbox: Mailbox) -> None:
    invited = await invite(mailing, EMAIL)
    await mailing.inviting.revoke(invited.invitation.id)
    await mailing.mails.run()

    assert outbox.letters == []
    assert (await mailing.inviting.get(invited.invitation.id)).value.status is InvitationStatus.REVOKED


# --- Another password ---


async def test_a_link_to_choose_another_password_goes_to_the_account_s_address(
    mailing: Accounts, outbox: Mailbox
) -> None:
    account = await person(mailing, EMAIL)
    await mailing.resetting.ask("SITI@dinas.example", HERE.address)
    await mailing.resetting.settled()
    await mailing.mails.run()
    code = code_in(link_of(outbox.letters[-1].text))

    assert (await mailing.resetting.opened(code)).id == account.id
    await mailing.resetting.choose(code, ANOTHER)
    assert await mailing.signing_in.by_password(EMAIL, ANOTHER, HERE)
    with pytest.raises(LinkOver):
        await mailing.resetting.choose(code, PASSWORD)


async def test_two_who_use_a_link_at_once_change_the_password_once(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    code = code_in(await accounts.resetting.link(account.id, "op"))

    done = await asyncio.gather(
        *(accounts.resetting.choose(code, f"{ANOTHER}-{each}") for each in range(3)), return_exceptions=True
    )

    assert sum(isinstance(each, LinkOver) for each in done) == 2


async def test_an_unknown_address_gets_no_mail_and_a_known_one_three_an_hour(
    mailing: Accounts, outbox: Mailbox
) -> None:
    await person(mailing, EMAIL)
    for _ in range(5):
        await mailing.resetting.ask(EMAIL, HERE.address)
        await mailing.resetting.ask("nobody@dinas.example", HERE.address)
        await mailing.resetting.settled()
        await mailing.mails.run()

    assert [each.to for each in outbox.letters if "sandi" in each.subject] == [EMAIL] * 3


async def test_a_closed_account_gets_no_link(mailing: Accounts, outbox: Mailbox) -> None:
    account = await person(mailing, EMAIL)
    await mailing.managing.close(account.id)
    await mailing.resetting.ask(EMAIL, HERE.address)
    await mailing.resetting.settled()
    await mailing.mails.run()

    assert not [each for each in outbox.letters if "sandi" in each.subject]
    with pytest.raises(Conflict):
        await mailing.resetting.link(account.id, "op")


async def test_what_is_over_is_purged_after_a_while(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    invited = await invite(accounts, EMAIL)
    await accounts.upkeep.run()
    assert await accounts.inviting.get(invited.invitation.id)

    assert await accounts.inviting.purge(machine_ms() + timedelta(days=8) // timedelta(milliseconds=1)) == 1
