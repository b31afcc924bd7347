"""A scenario in one region, from its registration to a reminder mail, and the end state expected after any fault.

The figures are worked out by hand from the 2026 catalogue: 16 at level 2 × 3, 17 with 15 people at level 2 × 2, 32 with
4 months at level 3 × 2, 33 a with 350 people at level 2 × 3, 35 at level 3 × 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.servers.smtp import Mailbox, Received
from tests.support.client import Regency, eventually
from tests.support.faults.processes import RunningSystem
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


_REMINDS = re.compile("Pengingat: |melewati tenggat|terbuka kembali|^Tenggat inovasi")  # in the subjects of such mails


@dataclass
class Played:
    """What the scenario created. address: the mail address of the agency that did not submit."""

    regency: Regency
    diligent: str
    owing: str
    innovation: str
    address: str


async def play(regency: Regency) -> Played:
    """Alerts are sent. One agency submits an innovation; another, with a mail address, does not."""
    await regency.go_live()
    address = f"lalai-{regency.code}@satu.example"
    await regency.found()
    await regency.deadline(YEAR, DEADLINE)
    diligent = await regency.agency("Dinas Rajin")
    owing = await regency.agency("Dinas Lalai", mail=address)
    innovation = await regency.draft(diligent, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    await regency.submit(innovation, diligent)
    return Played(regency, diligent, owing, innovation, address)


async def check_consequences(played: Played, mailbox: Mailbox, *, within: float = 60.0) -> dict[str, Any]:
    """Wait for each consequence and check it; returns the message."""
    regency = played.regency
    card = await eventually(
        lambda: regency.scorecard(played.innovation), lambda card: card["maturity"] is not None, within=within
    )
    assert {part: card["maturity"][part] for part in ("claimed", "verified", "of")} == {
        "claimed": CLAIMED,
        "verified": 0,
        "of": 111,
    }
    duty = await regency.becomes(played.diligent, YEAR, "fulfilled", within=within)
    assert duty["counted"] == [played.innovation]
    assert duty["on_time"] is False
    assert (await regency.becomes(played.owing, YEAR, "overdue", within=within))["counted"] == []

    async def messages() -> list[dict[str, Any]]:
        return about_duties(await regency.curator.every("/notifications/v1/messages", region=regency.code))

    sent = await eventually(messages, lambda them: len(them) == 1 and them[0]["status"] == "sent", within=within)
    assert told(sent[0], "duty") == ["overdue"]
    assert len({mail.message_id for mail in mails_of(played, mailbox)}) == 1
    return sent[0]


def about_duties(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that remind of a duty. Whoever is new as a contact may have been asked before to confirm the address."""
    return [each for each in messages if told(each, "duty")]


def reminded_of(message: dict[str, Any]) -> list[str]:
    """The agencies whose duties it reminds of, once for each alert."""
    return [alert["reason"]["agency"] for alert in message["alerts"] if alert["reason"]["kind"] == "duty"]


def told(message: dict[str, Any], kind: str) -> list[str]:
    """What its alerts of one kind of reason say."""
    return [alert["reason"]["what"] for alert in message["alerts"] if alert["reason"]["kind"] == kind]


def mails_of(played: Played, mailbox: Mailbox) -> list[Received]:
    """The reminders to the agency that did not submit."""
    return reminders_to(played.address, mailbox)


def reminders_to(address: str, mailbox: Mailbox) -> list[Received]:
    """The mails to this address about a duty, not those that only ask to confirm it or report of an innovation."""
    return [mail for mail in mailbox.mails if mail.to == address and reminds(str(mail.message["Subject"]))]


def reminds(subject: str) -> bool:
    """Whether a mail with this subject reminds of a duty, or names another deadline for it."""
    return _REMINDS.search(subject) is not None


async def check_end_state(system: RunningSystem, played: Played, mailbox: Mailbox) -> None:
    """Check the consequences, and that no event is unpublished or parked. There is one mail, or up to as many identical
    ones as there were attempts: more than one only if an attempt was open when the process died."""
    message = await check_consequences(played, mailbox)
    await system.wait_until_idle()
    assert 1 <= len(mails_of(played, mailbox)) <= len(message["attempts"])
    assert message["possibly_repeated"] is (len(message["attempts"]) > 1)
    await check_audit(played)


async def check_audit(played: Played) -> None:
    """Each change of the innovation is in the audit log once, with who made it and from where."""
    curator, document = played.regency.curator, f"innovation/{played.innovation}"
    entries = await curator.every("/registry/v1/audit", region=played.regency.code, document=document)
    assert [each["event"] for each in entries] == [
        "innovation.drafted",
        *[None for _ in EVIDENCE],
        "innovation.submitted",
    ]
    assert {(each["role"], each["address"]) for each in entries} == {("agency", "127.0.0.1")}
    assert all(each["account"] for each in entries)
    fields = [{change["field"].partition(".")[0] for change in each["changes"]} for each in entries]
    assert fields[1:-1] == [{"evidence"}] * len(EVIDENCE)
    assert {"field": "status", "before": "draft", "after": "submitted", "hidden": False, "more": 0} in entries[-1][
        "changes"
    ]
