"""Going live: nothing leaves the system before somebody has confirmed how many persons get how many messages."""

from __future__ import annotations

import re

from shared import indonesian
from shared.demo.client import Client, Refused
from shared.demo.context import ScenarioContext, until
from shared.demo.sandboxes import Mark

_CONFLICT = 409
_LINK = re.compile(r"(/notifications/v1/confirm/\S+)")


async def go_live(context: ScenarioContext) -> None:
    """The operator submits the WhatsApp templates, is refused without the numbers, and confirms them."""
    await _submit_templates(context)
    expected = sum(1 for each in context.sample.contacts if each.address)
    effect = await until(
        lambda: context.operator.get("/notifications/v1/mode/effect"), lambda effect: effect["persons"] == expected
    )
    persons, messages = effect["persons"], effect["messages"]
    context.result.expect(persons == expected, f"going live concerns {expected} persons, the system names {persons}")
    context.result.expect(context.sandboxes.since() == [], "nothing was sent before the confirmation")
    refusal = await _refusal(context, {"mode": "live", "confirm": {"persons": 0, "messages": 0}})
    context.result.expect(str(messages) in refusal, "going live is refused until the numbers are confirmed")
    context.say(f"ditolak tanpa konfirmasi: {refusal}")
    begun = context.sandboxes.mark
    body = {"mode": "live", "confirm": {"persons": persons, "messages": messages}}
    answer = await context.operator.put("/notifications/v1/mode", body)
    context.result.expect(answer["mode"] == "live", "the mode is live")
    context.say(f"dikonfirmasi: {persons} orang, {messages} pesan; pengiriman dimulai")
    sample, last_day = context.sample, indonesian.day(context.sample.region.deadline.date)
    officers = {address: (last_day,) for agency in sample.agencies if (address := sample.told(agency.key))}
    weekly = {sample.address_of(role): ("Laporan mingguan",) for role in ("kurator", "pimpinan")}
    await context.told("sixty days before the deadline", officers | weekly, begun)
    mails, chats = len(context.sandboxes.mail.mails), len(context.sandboxes.whatsapp.messages)
    context.say(f"60 hari sebelum tenggat: {mails} surel, {chats} WhatsApp")
    await _bounced(context)
    await _confirm_address(context)


async def _submit_templates(context: ScenarioContext) -> None:
    """To the sandbox, which knows no others, as Meta does."""
    for template in (await context.operator.get("/notifications/v1/templates"))["items"]:
        submission = template["submission"]
        if submission is not None:
            parts = {part["type"]: part["text"] for part in submission["components"]}
            context.sandboxes.whatsapp.templates[submission["name"]] = parts["BODY"]
    context.result.expect(bool(context.sandboxes.whatsapp.templates), "WhatsApp templates are submitted")
    context.say(f"{len(context.sandboxes.whatsapp.templates)} templat WhatsApp didaftarkan")


async def _refusal(context: ScenarioContext, body: dict[str, object]) -> str:
    """The detail of the problem document; empty when the mode was changed."""
    try:
        await context.operator.put("/notifications/v1/mode", body)
    except Refused as refused:
        if refused.status != _CONFLICT:
            raise
        return str(refused.problem["detail"])
    return ""


async def _bounced(context: ScenarioContext) -> None:
    """The mailbox of one officer is gone: the head is told instead, and the curator hears of it."""
    gone = next(each for each in context.sample.contacts if each.mailbox == "gone")
    name, head = context.sample.name_of(gone.key), context.sample.told(gone.key)
    refused = context.sandboxes.mail.refused
    context.result.expect(refused == [gone.email], f"one mailbox is gone and is tried once, not {refused}")
    curator = context.sample.address_of("kurator")
    await context.told("the curator hears of it", {curator: ("tidak dapat dihubungi",)}, Mark())
    context.say(f"surel petugas {name} ditolak: kepalanya ({head}) dan kurator diberi tahu")


async def _confirm_address(context: ScenarioContext) -> None:
    """The curator follows the link of the first mail, and presses the button there."""
    curator = context.sample.address_of("kurator")
    text = "".join(each.text for each in context.sandboxes.mail.mails if each.to == curator)
    link = _LINK.search(text)
    context.result.expect(link is not None, "the first mail has a link to confirm the address")
    if link is None:
        return
    async with Client(context.address) as anybody:
        page = await anybody.page("POST", link[1])
    context.result.expect("<html" in page, "the link confirms the address")
    people = await context.curator.every("/notifications/v1/contacts", region=context.region, role="curator")
    context.result.expect(all(each["email_confirmed"] for each in people), "the curator's address is confirmed")
    context.say("kurator memastikan alamatnya lewat tautan di surel pertama")
