"""A provider with receipts for addresses that belong to nobody, so that a whole installation can be tried out.

| address | number | what happens |
|---|---|---|
| sukses@simulator.invalid | +6280000000001 | accepted, then delivered |
| gagal@simulator.invalid | +6280000000002 | refused: no such address |
| pantul@simulator.invalid | +6280000000003 | accepted, then returned: no such address |
| diam@simulator.invalid | +6280000000004 | accepted, and never heard of again |
| tunda@simulator.invalid | +6280000000005 | put off at a message's first attempt, accepted and delivered at the next |
"""

from __future__ import annotations

from hashlib import sha256

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.simulated import ADDRESSES, DOMAIN, NUMBERS
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.channel import HandOver, KeepReceipts
from shared.clock import machine_ms

CODE = "simulated"


def behaviour_of(address: str) -> str | None:
    """What the simulator does with an address; None when it is none of its own."""
    return ADDRESSES.get(address) or NUMBERS.get(address)


def is_simulated(address: str) -> bool:
    """Whether the address is one of the simulator's; nothing may be handed to a real provider for it. An unknown name
    at its domain is as well, and is refused."""
    return address.endswith(f"@{DOMAIN}") or address in NUMBERS


class SimulatorChannel:
    """See `Channel`. keep: stores the receipts, at once when a message is accepted."""

    driver = "simulator"
    has_receipts = True
    per_second = None
    at_once = 20

    def __init__(self, name: ChannelName, keep: KeepReceipts) -> None:
        self.name = name
        self._keep = keep

    async def hand_over(self, message: HandOver) -> Answer:
        """Behave as the address says."""
        behaviour = behaviour_of(message.to)
        if behaviour is None or behaviour == "gagal":
            return Answer(AnswerClass.RECIPIENT, CODE)
        if behaviour == "tunda" and message.attempt.endswith("/1"):
            return Answer(AnswerClass.TRANSIENT, CODE)
        provider_id = f"simulated-{message.attempt}"
        receipts = self._receipts(behaviour, message.attempt, provider_id)
        if receipts:
            await self._keep(receipts)
        return Answer(AnswerClass.ACCEPTED, provider_id=provider_id)

    async def close(self) -> None:
        """Nothing is open."""

    def _receipts(self, behaviour: str, attempt: str, provider_id: str) -> list[Receipt]:
        states = {
            "pantul": (ReceiptState.SENT, ReceiptState.FAILED),
            "diam": (),
        }.get(behaviour, (ReceiptState.SENT, ReceiptState.DELIVERED))
        return [
            Receipt(
                id=sha256(f"{attempt} {state.value}".encode()).hexdigest(),
                channel=self.name.value,
                attempt=attempt,
                provider_id=provider_id,
                state=state,
                at=machine_ms(),
                code=CODE if state is ReceiptState.FAILED else "",
                answer=AnswerClass.RECIPIENT if state is ReceiptState.FAILED else None,
            )
            for state in states
        ]
