"""One region lived through from its founding to a mail, and what must be so in the end, whatever happened in between.

The figures are worked out by hand from the 2026 catalogue: 16 at level 2 × 3, 17 with 15 people at level 2 × 2, 32 with
4 months at level 3 × 2, 33 a with 350 people at level 2 × 3, 35 at level 3 × 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.processes import Town
from tests.support.registry_samples import valid_profile

NOW = "2026-06-15T09:00:00+07:00"
YEAR = 2026
DEADLINE = date(2026, 6, 10)
CLAIMED = 2 * 3 + 2 * 2 + 3 * 2 + 2 * 3 + 3 * 4
_LINKS = ["https://bukti.satu.example/1"]
EVIDENCE: dict[str, dict[str, Any]] = {
    "16": {"level": 2, "links": _LINKS},
    "17": {"value": 15, "unit": "orang", "links": _LINKS},
    "32": {"value": 4, "unit": "bulan", "links": _LINKS},
    "33": {"basis": "a", "value": 350, "unit": "orang", "links": _LINKS},
    "35": {"level": 3, "links": _LINKS},
}


@dataclass
class Lived:
    """What was made. address: where the agency that owes is told."""

    regency: Regency
    diligent: str
    owing: str
    innovation: str
    address: str


async def live(regency: Regency) -> Lived:
    """An agency that hands in, and one that does not and can be told."""
    address = f"lalai-{regency.code}@satu.example"
    await regency.found()
    await regency.deadline(YEAR, DEADLINE)
    diligent = await regency.agency("Dinas Rajin")
    owing = await regency.agency("Dinas Lalai", mail=address)
    innovation = await regency.draft(diligent, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    await regency.submit(innovation, diligent)
    return Lived(regency, diligent, owing, innovation, address)


async def come_true(lived: Lived, mailbox: Mailbox, *, within: float = 60.0) -> dict[str, Any]:
    """Wait for all consequences, and check each; the message's answer."""
    regency = lived.regency
    card = await eventually(
        lambda: regency.scorecard(lived.innovation), lambda card: card["maturity"] is not None, within=within
    )
    assert {part: card["maturity"][part] for part in ("claimed", "verified", "of")} == {
        "claimed": CLAIMED,
        "verified": 0,
        "of": 111,
    }
    duty = await regency.becomes(lived.diligent, YEAR, "fulfilled", within=within)
    assert duty["counted"] == [lived.innovation]
    assert duty["on_time"] is False
    assert (await regency.becomes(lived.owing, YEAR, "overdue", within=within))["counted"] == []

    async def messages() -> list[dict[str, Any]]:
        return await regency.curator.every("/notifications/v1/messages", region=regency.code)

    sent = await eventually(messages, lambda them: len(them) == 1 and them[0]["status"] == "sent", within=within)
    assert [alert["stage"] for alert in sent[0]["alerts"]] == ["overdue"]
    assert len({mail.message_id for mail in mine(lived, mailbox)}) == 1
    return sent[0]


def mine(lived: Lived, mailbox: Mailbox) -> list[Any]:
    """The mails to the agency that owes."""
    return [mail for mail in mailbox.mails if mail.to == lived.address]


async def finish(town: Town, lived: Lived, mailbox: Mailbox) -> None:
    """The end state: consequences, nothing owed or parked, and as many mails, all alike, as attempts were made: one,
    unless an attempt was open when the process died."""
    message = await come_true(lived, mailbox)
    await town.at_rest()
    assert 1 <= len(mine(lived, mailbox)) <= len(message["attempts"])
    assert message["possibly_repeated"] is (len(message["attempts"]) > 1)
