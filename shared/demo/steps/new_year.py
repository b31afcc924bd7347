"""The turn of the year: nobody is late without proof, nobody is disturbed on a holiday, and late is still accepted."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.demo.context import ScenarioContext, until
from shared.demo.steps.deadlines import owing_keys


async def wait_for_proof(context: ScenarioContext) -> None:
    """Five minutes after the deadline the registry has not yet said what had been submitted: nobody is called late."""
    expected = len(context.sample.agencies) - len(context.sample.innovations)
    duties = await context.duties(lambda duties: sum(duty["waiting"] == "registry" for duty in duties) == expected)
    waiting = sum(duty["waiting"] == "registry" for duty in duties)
    overdue = sum(duty["status"] == "overdue" for duty in duties)
    context.result.expect((waiting, overdue) == (expected, 0), f"{expected} wait for proof, {waiting} do")
    context.say(f"tenggat lewat: {waiting} perangkat daerah menunggu bukti, belum ada yang disebut terlambat")


async def keep_the_holiday(context: ScenarioContext) -> None:
    """With the proof they are overdue; on 1 January nobody is told, and the list says when they will be."""
    owing = await owing_keys(context, "overdue")
    day = await until(
        lambda: context.curator.get("/notifications/v1/due", region=context.region), lambda day: day["persons"] > 0
    )
    deferred = [each for each in day["items"] if each["deferred_by"] == "quiet"]
    context.result.expect(len(deferred) == len(day["items"]) > 0, "on a holiday every message is deferred")
    first = min((each["not_before"] for each in deferred if each["not_before"]), default=None)
    if first is not None:
        local = datetime.fromisoformat(first).astimezone(ZoneInfo(context.sample.region.zone))
        context.say(
            f"{len(owing)} kewajiban melewati tenggat dengan bukti; hari libur: {len(deferred)} orang diberi tahu "
            f"mulai {local:%d-%m-%Y %H.%M} WIB"
        )


async def tell_the_overdue(context: ScenarioContext) -> None:
    """The morning after the holiday: every agency that can be told is told once; the others are listed."""
    sample, begun = context.sample, context.sandboxes.mark
    owing = await owing_keys(context, "overdue")
    reachable = {key: address for key in owing if (address := sample.told(key))}
    await context.told("overdue", dict.fromkeys(reachable.values(), ("telah lewat",)), begun)
    channel = {True: "WhatsApp terkirim", False: "surel terkirim"}
    for key in sorted(owing, key=sample.name_of):
        note = channel[reachable[key].startswith("+")] if key in reachable else "TANPA KONTAK, dilaporkan"
        context.say(f"terlambat: {sample.name_of(key)} – {note}")
    missing = await context.curator.every("/notifications/v1/unreachable", region=context.region, year=context.year)
    unreachable = {context.result.agencies[key] for key in owing if key not in reachable}
    found = {each["agency"] for each in missing}
    context.result.expect(found == unreachable, f"{len(unreachable)} agencies are reported unreachable, {len(found)}")


async def submit_late(context: ScenarioContext) -> None:
    """A first submission after the deadline is accepted, and recorded as late."""
    late, begun = context.sample.late, context.sandboxes.mark
    place = context.innovations[late.name]
    async with context.agency_client(late.agency) as client:
        submitted = await client.change("POST", f"{place}/submit", None, place)
    context.result.expect(submitted["status"] == "submitted", "a late submission is accepted")
    agency = context.result.agencies[late.agency]
    duty = await until(
        lambda: context.curator.get(f"/notifications/v1/obligations/{agency}/{context.year}"),
        lambda duty: duty["status"] == "fulfilled",
    )
    context.result.expect(duty["late"] is True, f"the duty is fulfilled, late: {duty['status']}")
    expected = {context.sample.told(late.agency): (f"{late.name}” telah dinilai",)}
    await context.told("the score of the late one", expected, begun)
    context.say(f"diajukan setelah tenggat: {late.name} – {context.sample.name_of(late.agency)}, tercatat terlambat")


async def report(context: ScenarioContext) -> None:
    """The weekly list to curator and Sekda names who is overdue, who could not be told, and the forecast."""
    sample = context.sample
    overdue = len(await owing_keys(context, "overdue", submitted=1))
    untold = [agency.name for agency in sample.agencies if not sample.told(agency.key)]
    phrases = ("Laporan mingguan", f"{overdue} melewati tenggat", *untold)
    expected = {sample.address_of(role): phrases for role in ("kurator", "pimpinan")}
    await context.told("the last weekly list", expected, context.today)
    context.say(
        f"laporan mingguan kepada kurator dan Sekda: {overdue} melewati tenggat, {len(untold)} tidak dapat dihubungi"
    )
