"""Addresses that belong to nobody and always behave in the same way."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.fields import email_address, is_mobile, mobile_number
from services.notifications.contacts.simulated import ADDRESSES, BEHAVIOURS, NUMBERS
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.drivers.simulator import (
    CODE,
    SimulatorChannel,
    behaviour_of,
    is_simulated,
)
from tests.support.providers.hand_overs import PERSON, hand_over

ACCEPTED = Answer(AnswerClass.ACCEPTED, provider_id=f"simulated-{PERSON}/1/1")
REFUSED = Answer(AnswerClass.RECIPIENT, CODE)
PUT_OFF = Answer(AnswerClass.TRANSIENT, CODE)


class Kept(list[Receipt]):
    async def keep(self, receipts: Sequence[Receipt]) -> None:
        self.extend(receipts)


@pytest.mark.parametrize("by_number", [False, True])
@pytest.mark.parametrize(
    ("behaviour", "answer", "states"),
    [
        ("sukses", ACCEPTED, ["sent", "delivered"]),
        ("gagal", REFUSED, []),
        ("pantul", ACCEPTED, ["sent", "failed"]),
        ("diam", ACCEPTED, []),
        ("tunda", PUT_OFF, []),
    ],
)
async def test_an_address_behaves_as_it_is_called(
    behaviour: str,
    answer: Answer,
    states: list[str],
    by_number: bool,
) -> None:
    kept = Kept()
    number = next(number for number, name in NUMBERS.items() if name == behaviour)
    channel = SimulatorChannel(ChannelName.WHATSAPP if by_number else ChannelName.EMAIL, kept.keep)

    given = await channel.hand_over(hand_over(to=number if by_number else f"{behaviour}@simulator.invalid"))

    assert given == answer
    assert [each.state.value for each in kept] == states
    assert {each.attempt for each in kept} <= {f"{PERSON}/1/1"}
    assert {each.channel for each in kept} <= {channel.name.value}
    assert [each.answer for each in kept if each.state is ReceiptState.FAILED] == [AnswerClass.RECIPIENT] * (
        behaviour == "pantul"
    )


async def test_what_was_put_off_is_delivered_at_the_next_attempt() -> None:
    kept = Kept()
    channel = SimulatorChannel(ChannelName.EMAIL, kept.keep)
    again = await channel.hand_over(hand_over(to="tunda@simulator.invalid", number=2))
    assert again.answer is AnswerClass.ACCEPTED
    assert [each.state.value for each in kept] == ["sent", "delivered"]


async def test_a_repeated_attempt_is_reported_under_the_same_ids() -> None:
    kept = Kept()
    channel = SimulatorChannel(ChannelName.EMAIL, kept.keep)
    for _ in range(2):
        await channel.hand_over(hand_over(to="sukses@simulator.invalid"))
    assert len({each.id for each in kept}) == 2


async def test_an_unknown_name_at_the_simulator_is_refused() -> None:
    channel = SimulatorChannel(ChannelName.EMAIL, Kept().keep)
    assert await channel.hand_over(hand_over(to="siapa@simulator.invalid")) == REFUSED


def test_no_real_address_is_simulated() -> None:
    assert list(NUMBERS) == [f"+628000000000{number}" for number in range(1, 6)]
    assert [behaviour_of(f"{name}@simulator.invalid") for name in BEHAVIOURS] == list(BEHAVIOURS)
    for real in ("sukses@dinkes.example", "x@sub.simulator.invalid", "+6281234567890", "+62800000000010", ""):
        assert not is_simulated(real)
        assert behaviour_of(real) is None
    assert is_simulated("siapa@simulator.invalid")


def test_a_contact_may_have_a_simulated_address() -> None:
    assert [email_address(address) for address in ADDRESSES] == list(ADDRESSES)
    assert email_address(" Sukses@Simulator.INVALID ") == "sukses@simulator.invalid"
    assert [mobile_number(number) for number in NUMBERS] == list(NUMBERS)
    assert all(is_mobile(number) for number in NUMBERS)
    with pytest.raises(ValueError, match="surel"):
        email_address("siapa@simulator.invalid")
    with pytest.raises(ValueError, match="nomor"):
        mobile_number("+6280000000006")
