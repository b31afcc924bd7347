from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts.address_record import AddressRecord, Ask
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation import ConfirmationToken, confirmed_by, token_of
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.state import replaced

KEY = b"k" * 32
EMAIL, WHATSAPP = ChannelName.EMAIL, ChannelName.WHATSAPP
BUDI = Contact.of(region="61.12", agencies=["a"], name="Budi", email="budi@x.example", phone="+6281234567890")


def test_a_token_confirms_the_address_it_was_written_for() -> None:
    for channel in ChannelName:
        token = ConfirmationToken.parse(str(token_of("p", BUDI, channel, KEY)))

        assert token is not None
        after = confirmed_by(token, BUDI, KEY)
        assert after is not None
        assert [after.confirmed(each) for each in ChannelName] == [each is channel for each in ChannelName]


def test_a_token_holds_for_one_person_channel_address_and_key() -> None:
    token = token_of("p", BUDI, EMAIL, KEY)

    assert token.belongs_to(replaced(BUDI, name="Budi S.", email="Budi@x.example"), KEY)
    for other in (
        replaced(BUDI, email="baru@x.example"),
        replaced(BUDI, email=""),
        corrected(BUDI, BUDI, another_person=True),
        corrected(corrected(BUDI, replaced(BUDI, email="")), BUDI),
        replaced(BUDI, email_closed="5.1.1"),
    ):
        assert not token.belongs_to(other, KEY)
        assert confirmed_by(token, other, KEY) is None
    assert not token.belongs_to(BUDI, b"o" * 32)
    assert not ConfirmationToken("q", EMAIL, token.mac).belongs_to(BUDI, KEY)
    assert not ConfirmationToken("p", WHATSAPP, token.mac).belongs_to(BUDI, KEY)


@given(st.text(max_size=210))
def test_any_text_is_a_token_or_none(text: str) -> None:
    token = ConfirmationToken.parse(text)

    assert token is None or (str(token) == text and not token.belongs_to(BUDI, KEY))


def test_a_token_of_one_address_outlives_a_change_of_the_other() -> None:
    token = token_of("p", BUDI, EMAIL, KEY)

    moved = corrected(BUDI, replaced(BUDI, phone="+6281234567891"))

    assert moved.address_revision == 2
    assert token.belongs_to(moved, KEY)


def test_a_link_of_a_release_that_named_the_address_revision_still_confirms() -> None:
    asked = replaced(BUDI, email_record=AddressRecord(number=1, since=3, ask=Ask.OF_REVISION), address_revision=3)

    signed = json.dumps(["p", "email", sha256(asked.email.encode()).hexdigest(), 3], separators=(",", ":"))
    mac = base64.urlsafe_b64encode(hmac.digest(KEY, signed.encode(), "sha256")).rstrip(b"=").decode()

    assert ConfirmationToken("p", EMAIL, mac).belongs_to(asked, KEY)
    assert not ConfirmationToken("p", EMAIL, mac).belongs_to(corrected(asked, asked, another_person=True), KEY)
