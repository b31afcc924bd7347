"""What `satu privacy` finds, corrects and erases of accounts, and that no restore brings it back."""

from __future__ import annotations

import pytest

from services.portal.accounts.application import Accounts
from services.portal.accounts.kinds import ACCOUNT, ADDRESS, INVITATION, KINDS
from services.portal.accounts.refusals import WrongCredentials
from shared.auth.policy import Role
from shared.faults import Conflict, Invalid
from shared.ports.store import Store
from shared.runtime.personal_data import Correctable, Subject
from tests.support.accounts.office import HERE, PASSWORD, REGION, invite, person

EMAIL = "siti@dinas.example"


async def everything(store: Store) -> str:
    """All documents of accounts as text."""
    return "".join([str(each) for kind in KINDS async for each in store.dump(kind.name)])


@pytest.mark.parametrize(
    "subject",
    [
        Subject(email="SITI@dinas.example"),
        Subject(name="siti aminah", region=REGION),
        Subject(region=REGION, email=EMAIL),
    ],
    ids=["address", "name", "address in a region"],
)
async def test_a_person_is_found_by_name_or_address_without_what_opens_the_account(
    accounts: Accounts, subject: Subject
) -> None:
    account = await person(accounts, EMAIL)
    await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)

    held = await accounts.personal_data.find(subject)

    assert {(each.kind, each.id) for each in held if each.kind != "session"} == {
        (ACCOUNT.name, account.id),
        (INVITATION.name, account.id),
    }
    assert "argon2" not in str([each.data for each in held])


@pytest.mark.parametrize(
    "subject",
    [
        Subject(email="tuti@dinas.example"),
        Subject(account="unknown"),
        Subject(person="p-1"),
        Subject(email=EMAIL, region="61.71"),
    ],
)
async def test_others_are_not_found(accounts: Accounts, subject: Subject) -> None:
    await person(accounts, EMAIL)

    assert await accounts.personal_data.find(subject) == []


async def test_an_erased_account_leaves_nothing_of_the_person_and_its_id_stays(
    accounts: Accounts, store: Store
) -> None:
    account = await person(accounts, EMAIL)
    await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    await accounts.resetting.link(account.id, "op")

    done = await accounts.personal_data.erase(Subject(account=account.id), "op")

    text = await everything(store)
    assert (EMAIL in text, "Siti" in text, "argon2" in text) == (False, False, False)
    assert account.id in text
    assert [each.id for each in done.erasures] == [account.id]
    assert not [row async for row in store.scan(ADDRESS.name, {}, ())]
    with pytest.raises(WrongCredentials):
        await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    assert (await person(accounts, EMAIL)).id != account.id


async def test_an_open_invitation_is_erased_with_its_address(accounts: Accounts, store: Store) -> None:
    await invite(accounts, EMAIL)

    assert (await accounts.personal_data.erase(Subject(email=EMAIL), "op")).documents == 1
    assert EMAIL not in await everything(store)


async def test_what_a_backup_brings_back_is_erased_again(accounts: Accounts, store: Store) -> None:
    account = await person(accounts, EMAIL)
    kept = {kind.name: [each async for each in store.dump(kind.name)] for kind in (ACCOUNT, ADDRESS, INVITATION)}
    erased = (await accounts.personal_data.erase(Subject(account=account.id), "op")).erasures
    for kind, documents in kept.items():
        await store.load(kind, documents)
    assert EMAIL in await everything(store)

    assert await accounts.personal_data.carry_out(erased, b"") > 0
    assert EMAIL not in await everything(store)
    assert await accounts.personal_data.carry_out(erased, b"") == 0


async def test_an_erased_account_that_the_list_lacks_is_told(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    await accounts.personal_data._erase_account(account.id)

    (found,) = await accounts.personal_data.unlisted(())
    assert found.id == account.id
    assert await accounts.personal_data.unlisted({found.key}) == []


async def test_a_corrected_address_signs_in_and_the_former_one_is_free(accounts: Accounts) -> None:
    await person(accounts, EMAIL, Role.EXECUTIVE)
    subject = Subject(email=EMAIL)
    right = {Correctable.NAME: "Siti Aminah, S.Kom.", Correctable.EMAIL: "Siti.Aminah@dinas.example"}

    assert await accounts.personal_data.correct(subject, right, "op") == 1
    assert await accounts.signing_in.by_password("siti.aminah@dinas.example", PASSWORD, HERE)
    assert await accounts.taken.owner(EMAIL) is None
    assert await accounts.personal_data.correct(subject, right, "op") == 0


async def test_a_wrong_correction_is_refused(accounts: Accounts) -> None:
    await person(accounts, EMAIL)
    await person(accounts, "tuti@dinas.example")

    with pytest.raises(Invalid):
        await accounts.personal_data.correct(Subject(email=EMAIL), {Correctable.EMAIL: "no address"}, "op")
    with pytest.raises(Conflict):
        await accounts.personal_data.correct(Subject(email=EMAIL), {Correctable.EMAIL: "tuti@dinas.example"}, "op")
