from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from services.notifications.contacts.address_record import AddressRecord, Ask
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact, same_address
from services.notifications.contacts.correction import corrected
from services.notifications.messages.alert import alert_of
from services.notifications.reminders.reasons import contact_reasons
from services.notifications.state import replaced
from tests.support.notifications_service import asked_nothing

BUDI = Contact.of(region="61.12", agencies=["a"], name="Budi", email="budi@x.example", phone="+6281234567890", by="c")
DAY = date(2026, 12, 1)
EMAIL, WHATSAPP = ChannelName.EMAIL, ChannelName.WHATSAPP

CONTACTS = st.builds(
    Contact.of,
    region=st.just("61.12"),
    agencies=st.lists(st.sampled_from("ab"), max_size=2),
    name=st.sampled_from(["Budi", "Budi Santoso", "Sari"]),
    email=st.sampled_from(["", "budi@x.example", "Budi@x.example", "sari@x.example"]),
    phone=st.sampled_from(["", "+6281234567890", "+6281234567891"]),
    landline=st.sampled_from(["", "+62561721234"]),
    preferred=st.sampled_from(ChannelName),
    consent_whatsapp=st.sampled_from(["", "2026-11-29"]),
)
KNOWLEDGE = st.fixed_dictionaries(
    {
        "email_closed": st.sampled_from(["", "5.1.1"]),
        "phone_closed": st.sampled_from(["", "131026"]),
        "email_confirmed": st.booleans(),
        "phone_confirmed": st.booleans(),
    }
)


def known(contact: Contact, channel: ChannelName) -> tuple[str, bool]:
    return contact.closed_by(channel), contact.confirmed(channel)


def test_a_closed_address_stays_closed_under_another_name_and_a_new_one_is_open() -> None:
    closed = BUDI.with_closed(EMAIL, "budi@x.example", "5.1.1")
    assert closed is not None

    renamed = corrected(closed, replaced(BUDI, name="Budi S"))
    moved = corrected(closed, replaced(BUDI, email="baru@x.example"))

    assert (renamed.email_closed, renamed.address_revision) == ("5.1.1", 1)
    assert (moved.email_closed, moved.address_revision, moved.email_record.since) == ("", 2, 2)


def test_a_contact_of_an_earlier_release_is_asked_once_its_address_is_replaced() -> None:
    former = asked_nothing(replaced(BUDI, consent_whatsapp="1"))
    change = replaced(BUDI, consent_whatsapp="1")

    assert corrected(former, replaced(change, name="Budi S")).to_confirm(DAY) == ()
    assert corrected(former, replaced(change, email="baru@x.example")).to_confirm(DAY) == (EMAIL,)
    assert corrected(former, change, another_person=True).to_confirm(DAY) == (EMAIL, WHATSAPP)


def test_an_address_that_is_added_is_asked_for_by_itself() -> None:
    one = Contact.of(region="61.12", agencies=["a"], name="Budi", email="budi@x.example", consent_whatsapp="1")
    confirmed = one.with_confirmed(EMAIL, one.email)
    assert confirmed is not None

    both = corrected(confirmed, replaced(one, phone="+6281234567890"))

    assert (both.to_confirm(DAY), both.address_revision) == ((WHATSAPP,), 1)
    assert both.phone_record == AddressRecord(number=1, since=1, ask=Ask.OF_ADDRESS)


def test_an_address_that_is_removed_and_another_one_added_have_different_numbers() -> None:
    without = corrected(BUDI, replaced(BUDI, phone=""))
    another = corrected(without, replaced(BUDI, phone="+6281234567891"))

    assert (BUDI.phone_record.number, without.phone_record.number, another.phone_record.number) == (1, 1, 2)
    assert (another.address_revision, another.email_record) == (1, BUDI.email_record)


@given(before=CONTACTS, changes=st.lists(st.tuples(CONTACTS, st.booleans()), max_size=5))
def test_no_two_addresses_of_a_contact_are_asked_for_by_one_reason(
    before: Contact, changes: list[tuple[Contact, bool]]
) -> None:
    contact, asked = before, dict[str, tuple[str, int]]()
    for change, another in [(before, False), *changes]:
        contact = corrected(contact, change, another_person=another)
        for due in contact_reasons("p", contact, DAY, DAY):
            channel = ChannelName(due.reason.channel)
            whose = (contact.address(channel).casefold(), contact.record(channel).since)
            assert asked.setdefault(alert_of(due.reason, "p", contact.address_revision).id, whose) == whose


def test_an_editor_may_open_a_closed_address_again() -> None:
    closed = BUDI.with_closed(EMAIL, "budi@x.example", "5.1.1")
    assert closed is not None

    again = corrected(closed, BUDI, reopen=True)

    assert (again.email_closed, again.closed, again.reachable, again.address_revision) == ("", False, True, 1)


def test_another_person_at_the_same_addresses_has_confirmed_none() -> None:
    confirmed = replaced(BUDI, email_confirmed=True, phone_confirmed=True)

    successor = corrected(confirmed, replaced(BUDI, name="Sari"), another_person=True)

    assert (successor.address_revision, successor.email_confirmed, successor.phone_confirmed) == (2, False, False)
    assert (successor.email_record.since, successor.phone_record.since) == (2, 2)


def test_a_correction_keeps_which_request_and_which_import_row_made_the_contact() -> None:
    imported = replaced(BUDI, mark="import/2", created_by_body="digest")

    after = corrected(imported, Contact.of(region="61.12", agencies=["b"], name="Budi"))

    assert (after.created_by_body, after.mark, after.agencies) == ("digest", "import/2", ("b",))


def test_whoever_changes_nothing_is_not_named() -> None:
    assert corrected(BUDI, replaced(BUDI, by="d")) == BUDI
    assert corrected(BUDI, replaced(BUDI, name="Sari", by="d")).by == "d"


def test_a_contact_that_its_agency_keeps_stays_its_own() -> None:
    assert corrected(BUDI, replaced(BUDI, own=True)).own
    assert corrected(replaced(BUDI, own=True), replaced(BUDI, name="Sari")).own


@given(CONTACTS, CONTACTS, KNOWLEDGE, st.booleans())
@example(BUDI, replaced(BUDI, email=""), {}, False)  # noqa: FBT003
@example(replaced(BUDI, email=""), BUDI, {}, False)  # noqa: FBT003
def test_the_revision_rises_exactly_when_an_address_is_replaced_or_it_is_another_person(
    before: Contact, change: Contact, knowledge: dict[str, object], another_person: bool
) -> None:
    before = replaced(before, **knowledge)

    after = corrected(before, change, another_person=another_person)

    replaced_email = bool(before.email and change.email) and before.email.lower() != change.email.lower()
    replaced_phone = bool(before.phone and change.phone) and before.phone != change.phone
    raised = another_person or replaced_email or replaced_phone
    assert after.address_revision == before.address_revision + raised


@given(CONTACTS, CONTACTS, KNOWLEDGE, st.booleans())
def test_what_is_known_of_an_address_stays_with_the_address(
    before: Contact, change: Contact, knowledge: dict[str, object], reopen: bool
) -> None:
    before = replaced(before, **knowledge)

    after = corrected(before, change, reopen=reopen)

    for channel in ChannelName:
        if same_address(before.address(channel), change.address(channel)):
            closed, confirmed = known(before, channel)
            assert known(after, channel) == ("" if reopen else closed, confirmed)
        else:
            assert known(after, channel) == ("", False)


@given(st.lists(CONTACTS, min_size=1, max_size=4))
def test_the_revision_never_falls_and_a_repeated_correction_changes_nothing(changes: Sequence[Contact]) -> None:
    contact = changes[0]
    for change in changes[1:]:
        after = corrected(contact, change)

        assert after.address_revision >= contact.address_revision
        assert corrected(after, change) == after
        contact = after
