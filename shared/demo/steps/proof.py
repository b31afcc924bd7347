"""At the end: what the system says it sent is what the sandboxes received, each reason once."""

from __future__ import annotations

from collections import Counter

from shared.demo.context import ScenarioContext, until

_RECEIVED = {"delivered", "read"}


async def compare(context: ScenarioContext) -> None:
    """Compare the delivery records with what arrived."""
    boxes = context.sandboxes
    reader = next(each.address for each in context.sample.contacts if each.address.startswith("+"))
    for message in boxes.chats_with(reader):
        await boxes.whatsapp.report(message, "read")
    messages = await until(
        lambda: context.curator.every("/notifications/v1/messages", region=context.region),
        lambda messages: all(
            each["status"] in _RECEIVED
            for each in messages
            if each["attempts"] and each["attempts"][-1]["channel"] == "whatsapp"
        ),
    )
    accepted = Counter(
        attempt["channel"] for each in messages for attempt in each["attempts"] if attempt["result"] == "accepted"
    )
    arrived = (len(boxes.mail.mails), len(boxes.whatsapp.messages))
    recorded = (accepted["email"], accepted["whatsapp"])
    context.result.expect(arrived == recorded, f"{arrived} mails and chats arrived, {recorded} are recorded")
    told = Counter((each["person"], str(alert["reason"])) for each in messages for alert in each["alerts"])
    twice = [reason for reason, count in told.items() if count > 1]
    context.result.expect(not twice, f"no reason is told twice: {twice[:3]}")
    mails = Counter(each.message_id for each in boxes.mail.mails)
    context.result.expect(all(count == 1 for count in mails.values()), "no mail arrived twice")
    received = [each for each in messages if each["status"] in _RECEIVED]
    context.result.expect(len(received) == arrived[1], f"{arrived[1]} receipts came back, {len(received)} are recorded")
    failed = [each for each in messages if each["status"] == "failed"]
    context.result.expect(len(failed) == 1, f"one message failed, {len(failed)} did")
    context.say(
        f"bukti: {arrived[0]} surel diserahkan, {arrived[1]} WhatsApp sampai, {len(failed)} alamat ditolak; "
        f"{sum(told.values())} pemberitahuan, tidak ada yang dua kali"
    )
