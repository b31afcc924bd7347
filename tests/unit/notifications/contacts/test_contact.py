from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.role import ContactRole
from services.notifications.state import replaced
from tests.support.notifications_service import asked_nothing

BUDI = Contact.of(
    region="61.12",
    agencies=["a"],
    name="Budi Santoso",
    email="budi@x.example",
    phone="+6281234567890",
    landline="+62561721234",
    consent_whatsapp="2026-11-29",
    body="digest",
)
DAY = date(2026, 12, 1)
EMAIL, WHATSAPP = ChannelName.EMAIL, ChannelName.WHATSAPP


def test_lists_mask_personal_data() -> None:
    assert BUDI.masked() == {
        "name": "B••• S•••",
        "email": "b•••@x.example",
        "phone": "+62•••90",
        "landline": "+62•••34",
    }


def test_erasure_keeps_region_role_and_agencies_only() -> None:
    erased = BUDI.without_personal_data().model_dump(mode="json")

    assert {name: value for name, value in erased.items() if value and not name.endswith("_record")} == {
        "region": "61.12",
        "agencies": ["a"],
        "role": "officer",
        "preferred": "email",
        "address_revision": 1,
        "erased": 1,
    }


def test_a_role_of_the_region_has_no_agencies() -> None:
    assert Contact.of(region="61.12", agencies=["a"], name="Sekda", role=ContactRole.EXECUTIVE).agencies == ()


def test_the_preferred_channel_comes_first() -> None:
    assert BUDI.channels(DAY) == (EMAIL, WHATSAPP)
    assert replaced(BUDI, preferred=WHATSAPP).channels(DAY) == (WHATSAPP, EMAIL)
    assert [BUDI.address(each) for each in ChannelName] == ["budi@x.example", "+6281234567890"]


def test_whatsapp_is_used_only_with_consent() -> None:
    assert replaced(BUDI, consent_whatsapp="", preferred=WHATSAPP).channels(DAY) == (EMAIL,)


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (date(2026, 12, 2), None, False),
        (None, date(2026, 11, 30), False),
    ],
)
def test_a_person_is_told_only_from_the_first_to_the_last_day(
    first: date | None, last: date | None, *, valid: bool
) -> None:
    contact = replaced(BUDI, valid_from=first, valid_to=last)

    assert contact.valid_on(DAY) is valid
    assert bool(contact.channels(DAY)) is valid


def test_a_fact_about_an_address_closes_that_address_only() -> None:
    closed = BUDI.with_closed(EMAIL, "BUDI@x.example", "5.1.1")

    assert closed is not None
    assert (closed.email_closed, closed.channels(DAY), closed.closed, closed.reachable) == (
        "5.1.1",
        (WHATSAPP,),
        True,
        True,
    )
    both = closed.with_closed(WHATSAPP, "+6281234567890", "131026")
    assert both is not None
    assert (both.phone_closed, both.channels(DAY), both.reachable) == ("131026", (), False)


def test_an_address_that_is_closed_or_replaced_by_now_is_not_closed_again() -> None:
    closed = BUDI.with_closed(EMAIL, "budi@x.example", "5.1.1")

    assert closed is not None
    assert closed.with_closed(EMAIL, "budi@x.example", "5.1.2") is None
    assert BUDI.with_closed(EMAIL, "other@x.example", "5.1.1") is None
    assert replaced(BUDI, email="").with_closed(EMAIL, "", "5.1.1") is None


def test_a_delivered_message_confirms_the_address_it_went_to() -> None:
    confirmed = BUDI.with_confirmed(WHATSAPP, "+6281234567890")

    assert confirmed is not None
    assert (confirmed.email_confirmed, confirmed.phone_confirmed) == (False, True)
    assert confirmed.with_confirmed(WHATSAPP, "+6281234567890") is None
    assert BUDI.with_confirmed(WHATSAPP, "+6281234567891") is None


def test_each_new_address_is_asked_for_until_it_is_confirmed_while_it_is_valid_and_open() -> None:
    both = Contact.of(
        region="61.12", name="B", email="budi@x.example", phone="+6281234567890", consent_whatsapp="1", agencies=["a"]
    )
    confirmed, closed = both.with_confirmed(EMAIL, both.email), both.with_closed(WHATSAPP, both.phone, "131026")

    assert confirmed is not None
    assert closed is not None
    assert both.to_confirm(DAY) == (EMAIL, WHATSAPP)
    assert confirmed.to_confirm(DAY) == (WHATSAPP,)
    assert closed.to_confirm(DAY) == (EMAIL,)
    assert replaced(both, consent_whatsapp="").to_confirm(DAY) == (EMAIL,), "it is not used without consent"
    assert replaced(both, valid_to=date(2026, 11, 30)).to_confirm(DAY) == ()
    assert asked_nothing(both).to_confirm(DAY) == (), "of an earlier release"


@given(
    st.permutations(
        [
            (EMAIL, ""),
            (EMAIL, "5.1.1"),
            (WHATSAPP, ""),
            (EMAIL, ""),
            (EMAIL, "5.1.1"),
        ]
    )
)
def test_receipts_in_any_order_end_in_one_state(receipts: list[tuple[ChannelName, str]]) -> None:
    contact = BUDI

    for channel, code in receipts:
        address = contact.address(channel)
        after = contact.with_closed(channel, address, code) if code else contact.with_confirmed(channel, address)
        contact = after or contact

    assert (contact.email_closed, contact.email_confirmed, contact.phone_confirmed) == ("5.1.1", False, True)
