"""Agencies draft and submit innovations; they are scored, returned, submitted again and verified."""

from __future__ import annotations

import asyncio

from shared.clock import machine_seconds
from shared.demo.client import Client
from shared.demo.context import ScenarioContext, until
from shared.demo.sample import SampleInnovation

_RETURNED, _VERIFIED = "Gestur", "Spirit"
_REMARK = "CONTOH SINTETIS. Mohon lampirkan surat penugasan yang menyebut peran setiap petugas."
_LEVELS = {"16": 3, "17": 3, "18": 2, "32": 3, "33": 3, "35": 3}


async def submit_all(context: ScenarioContext) -> None:
    """Two drafts, then the Top 10; each agency is told its score, and curator and Sekda get the weekly list."""
    sample, begun = context.sample, context.sandboxes.mark
    await asyncio.gather(
        *(_draft(context, each) for each in (sample.late, sample.unfinished)),
        *(_submit(context, each) for each in sample.innovations),
    )
    context.say(f"2 rancangan disimpan: {sample.late.name}, {sample.unfinished.name}")
    await _score(context)
    scored = {sample.told(each.agency): (f"{each.name}” telah dinilai",) for each in sample.innovations}
    await context.told("the scores", scored, begun)
    weekly = {sample.address_of(role): ("Laporan mingguan",) for role in ("kurator", "pimpinan")}
    await context.told("the weekly list", weekly, begun)
    context.say(f"{len(scored)} perangkat daerah diberi tahu skornya; laporan mingguan sampai kepada kurator dan Sekda")


async def return_one(context: ScenarioContext) -> None:
    """The curator returns an innovation: its agency is told, and that its duty is open again."""
    innovation, place = _of(context, _RETURNED)
    begun = context.sandboxes.mark
    body = {"comments": {"17": _REMARK}}
    done = await context.curator.change("POST", f"{place}/return", body, place)
    context.result.expect(done["status"] == "returned", f"the curator returned {_RETURNED}")
    phrases = (f"{_RETURNED}” dikembalikan", "kewajiban tahun 2025 terbuka kembali")
    await context.told("a returned innovation", {context.sample.told(innovation.agency): phrases}, begun)
    context.say(
        f"dikembalikan: {_RETURNED} – {context.sample.name_of(innovation.agency)}; kewajibannya terbuka kembali"
    )


async def verify_one(context: ScenarioContext) -> None:
    """The curator verifies an innovation, row by row."""
    innovation, place = _of(context, _VERIFIED)
    begun = context.sandboxes.mark
    done = await context.curator.change("POST", f"{place}/verify", {"rows": _LEVELS}, place)
    context.result.expect(done["status"] == "verified", f"the curator verified {_VERIFIED}")
    card = await until(
        lambda: context.curator.get(f"/scoring/v1/scorecards/{place.rpartition('/')[2]}"),
        lambda card: card["maturity"]["verified"] > 0,
    )
    points = card["maturity"]
    context.result.expect(points["verified"] > 0, f"{_VERIFIED} has a verified maturity")
    expected = {context.sample.told(innovation.agency): (f"{_VERIFIED}” telah diverifikasi",)}
    await context.told("a verified innovation", expected, begun)
    context.say(f"diverifikasi: {_VERIFIED} – {points['verified']} terverifikasi, {points['claimed']} diklaim")


async def submit_again(context: ScenarioContext) -> None:
    """The agency corrects the returned innovation and submits it again: another turn, so another score is told."""
    innovation, place = _of(context, _RETURNED)
    begun = context.sandboxes.mark
    async with context.agency_client(innovation.agency) as client:
        await _prove(client, place, "17", {"value": 15, "unit": "orang"})
        submitted = await client.change("POST", f"{place}/submit", None, place)
    context.result.expect(submitted["status"] == "submitted", f"{_RETURNED} is submitted again")
    expected = {context.sample.told(innovation.agency): (f"{_RETURNED}” telah dinilai",)}
    await context.told("the score of the second turn", expected, begun)
    agency = context.result.agencies[innovation.agency]
    duty = await until(
        lambda: context.curator.get(f"/notifications/v1/obligations/{agency}/{context.year}"),
        lambda duty: duty["status"] == "fulfilled",
    )
    context.result.expect(duty["status"] == "fulfilled", "its duty is fulfilled again")
    context.say(f"diajukan kembali: {_RETURNED}; kewajibannya terpenuhi lagi")


async def _score(context: ScenarioContext) -> None:
    wanted = len(context.sample.innovations)
    begun = machine_seconds()
    cards = await until(
        lambda: context.curator.every("/scoring/v1/scorecards", region=context.region),
        lambda cards: sum(card["maturity"] is not None for card in cards) == wanted,
    )
    cards = [card for card in cards if card["maturity"] is not None]
    context.result.expect(len(cards) == wanted, f"{wanted} innovations are scored, {len(cards)} are")
    for card in sorted(cards, key=lambda card: -card["maturity"]["claimed"]):
        points = card["maturity"]
        context.say(
            f"dinilai: {card['name']} – skor kematangan {points['claimed']} dari {points['of']} (klaim, sintetis)"
        )
    context.say(f"semua dinilai dalam {machine_seconds() - begun:.1f} detik sesudah pengajuan terakhir")


def _of(context: ScenarioContext, name: str) -> tuple[SampleInnovation, str]:
    innovation = next(each for each in context.sample.innovations if each.name == name)
    return innovation, context.innovations[name]


async def _submit(context: ScenarioContext, innovation: SampleInnovation) -> None:
    place = await _draft(context, innovation)
    async with context.agency_client(innovation.agency) as client:
        submitted = await client.change("POST", f"{place}/submit", None, place)
    context.result.expect(submitted["status"] == "submitted", f"{innovation.name} is submitted")
    context.say(f"diajukan: {innovation.name} – {context.sample.name_of(innovation.agency)}")


async def _draft(context: ScenarioContext, innovation: SampleInnovation) -> str:
    sample, agency = context.sample, innovation.agency
    texts = {
        name: text.format(name=innovation.name, agency=sample.name_of(agency)) for name, text in sample.profile.items()
    }
    profile = {
        "name": innovation.name,
        "stage": "penerapan",
        "initiator": "opd",
        "classification": "perangkat_daerah",
        "nature": innovation.nature,
        "form": innovation.form,
        "main_affair": innovation.affair,
        "asta_cita": [4, 7],
        "cluster": "non_pkpn",
        "trial_on": "2025-02-03",
        "applied_on": "2025-05-05",
        "developed": False,
        **texts,
    }
    body = {"agency": context.result.agencies[agency], "year": context.year, "profile": profile}
    async with context.agency_client(agency) as client:
        made = await client.create("/registry/v1/innovations", body, f"innovation {innovation.name}")
        place = f"/registry/v1/innovations/{made['id']}"
        context.innovations[innovation.name] = place
        for row, claim in sample.evidence[innovation.strength].items():
            await _prove(client, place, row, claim)
    return place


async def _prove(client: Client, place: str, row: str, claim: dict[str, object]) -> None:
    proof = {"links": [f"https://bukti.kuburaya.example/{row}"], **claim}
    await client.change("PUT", f"{place}/evidence/{row}", proof, place)
