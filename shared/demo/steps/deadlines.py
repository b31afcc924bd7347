"""The stages before a deadline, and a deadline that is moved."""

from __future__ import annotations

from shared import indonesian
from shared.demo.context import ScenarioContext
from shared.demo.sample import SampleDeadline


async def remind(context: ScenarioContext, deadline: SampleDeadline, days: int) -> None:
    """Every agency that owes is reminded, at the address at which it can be told."""
    begun = context.sandboxes.mark
    owing = await owing_keys(context, "open")
    phrases = (f"Tersisa {days} hari", indonesian.day(deadline.date))
    expected = {address: phrases for key in owing if (address := context.sample.told(key))}
    await context.told(f"{days} days before the deadline", expected, begun)
    mails, chats = context.sandboxes.counts(begun)
    context.say(
        f"{days} hari sebelum tenggat: {len(owing)} perangkat daerah belum memenuhi kewajiban; "
        f"{mails} surel, {chats} WhatsApp"
    )


async def move(context: ScenarioContext) -> None:
    """The curator moves the deadline: whoever owes hears the old date, the new one and the decree."""
    region = context.sample.region
    old, new = region.deadline, region.moved_deadline
    begun = context.sandboxes.mark
    owing = await owing_keys(context, "open")
    place = f"/registry/v1/regions/{region.code}"
    await context.curator.change("POST", f"{place}/deadlines", new.model_dump(mode="json"), place)
    phrases = (f"dari {indonesian.day(old.date)} menjadi {indonesian.day(new.date)}", new.basis)
    expected = {address: phrases for key in owing if (address := context.sample.told(key))}
    await context.told("the moved deadline", expected, begun)
    mails, chats = context.sandboxes.counts(begun)
    context.say(f"tenggat dipindahkan {phrases[0]} ({new.basis}): {mails} surel, {chats} WhatsApp menyebut ketiganya")


async def owing_keys(context: ScenarioContext, status: str, submitted: int = 0) -> list[str]:
    """The sample's keys of the agencies whose duty has that status, once all have it that have not submitted.
    submitted: how many more than the Top 10 have."""
    expected = len(context.sample.agencies) - len(context.sample.innovations) - submitted
    duties = await context.duties(lambda duties: sum(duty["status"] == status for duty in duties) >= expected)
    keys = {id: key for key, id in context.result.agencies.items()}
    found = [keys[duty["agency"]] for duty in duties if duty["status"] == status]
    context.result.expect(len(found) >= expected, f"{expected} obligations are {status}, {len(found)} are")
    return sorted(found)
