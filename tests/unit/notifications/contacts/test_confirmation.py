from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation import ConfirmationToken, confirmed_by, token_of
from services.notifications.contacts.contact import Contact
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


def test_a_token_holds_for_one_person_channel_address_revision_and_key() -> None:
    token = token_of("p", BUDI, EMAIL, KEY)

    assert token.belongs_to(replaced(BUDI, name="Budi S.", email="Budi@x.example"), KEY)
    for other in (
        replaced(BUDI, email="baru@x.example"),
        replaced(BUDI, email=""),
        replaced(BUDI, address_revision=2),
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
