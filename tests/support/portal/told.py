"""A part of the sample region, told over HTTP: agencies with long names, innovations in every status."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shared.auth.keys import Grant
from shared.demo.sample import Sample, SampleInnovation
from tests.support.client import Regency, eventually
from tests.support.portal.ideas import handed_over

AGENCIES = (
    *("disdikbud", "pkm-sungai-radak", "setda", "dinsos", "bappedalitbang", "dpuprprkp", "dishub", "diskominfo"),
    *("dinkes", "perikanan"),
)
RETURNED, SUBMITTED, VERIFIED = "Gestur", ("Halobupwabup", "Adu KPM"), ("Spirit", "Sinergi Kreasi")
COMPETITION = "Lomba Inovasi Daerah Kabupaten Kubu Raya bagi Perangkat Daerah dan Unit Pelaksana Teknis (contoh)"
GROUP = {"slug": "semua", "name": "Semua perangkat daerah"}
LEVELS = {"16": 3, "17": 3, "18": 2, "32": 3, "33": 3, "35": 3}


@dataclass
class Told:
    """code: of the region; agencies: key → id; innovations: name → id; year: of the duty; competition: the id of one
    that was frozen once, under number 1."""

    code: str = ""
    year: int = 0
    agencies: dict[str, str] = field(default_factory=dict)
    innovations: dict[str, str] = field(default_factory=dict)
    competition: str = ""
    idea: str = ""


class _SampleRegency(Regency):
    """The region of the sample instead of one with a random code."""

    def __init__(self, address: str, issue: Callable[[Grant], str], sample: Sample) -> None:
        super().__init__(address, issue)
        self.code = sample.region.code


async def tell(sample: Sample, address: str, issue: Callable[[Grant], str]) -> Told:
    """Register the region with its deadline, agencies and innovations; return once they are scored."""
    region = sample.region
    told = Told(region.code, region.deadline.year)
    async with _SampleRegency(address, issue, sample) as regency:
        body = {"code": region.code, "name": region.name, "zone": region.zone, "catalogue": region.catalogue}
        await regency.operator.create("/registry/v1/regions", {**body, "policy": region.policy})
        for key in AGENCIES:
            agency = next(each for each in sample.agencies if each.key == key)
            told.agencies[key] = await regency.agency(agency.name, kind=agency.kind)
        await regency.deadline(region.deadline.year, region.deadline.date)
        wanted = [*sample.innovations, sample.late, sample.unfinished]
        await asyncio.gather(*(_draft(regency, sample, told, each) for each in wanted if each.agency in told.agencies))
        for name in (RETURNED, *SUBMITTED, *VERIFIED):
            await regency.submit(told.innovations[name], _agency(sample, told, name))
        await regency.give_back(told.innovations[RETURNED], {"17": "Mohon lampirkan surat penugasan (contoh)."})
        for name in VERIFIED:
            await regency.verify(told.innovations[name], LEVELS)
            await eventually(partial(regency.scorecard, told.innovations[name]), _is_verified)
        terms = {"name": COMPETITION, "season": "uji", "year": told.year, "groups": [GROUP], "synthetic": True}
        made = await regency.curator.create("/scoring/v1/competitions", {"region": region.code, "terms": terms})
        told.competition = str(made["id"])
        await regency.curator.create("/scoring/v1/rankings/freezes", {"competition": told.competition})
        told.idea = await handed_over(address, regency, "Antrean dari rumah (contoh)", told.agencies["setda"])
    return told


def _is_verified(card: dict[str, Any]) -> bool:
    return bool((card["maturity"] or {}).get("verified"))


def _agency(sample: Sample, told: Told, name: str) -> str:
    return told.agencies[next(each.agency for each in sample.innovations if each.name == name)]


async def _draft(regency: Regency, sample: Sample, told: Told, innovation: SampleInnovation) -> None:
    agency = sample.name_of(innovation.agency)
    texts = {name: text.format(name=innovation.name, agency=agency) for name, text in sample.profile.items()}
    profile: dict[str, Any] = {
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
    evidence = {
        row: {"links": [f"https://bukti.kuburaya.example/{row}"], **claim}
        for row, claim in sample.evidence[innovation.strength].items()
    }
    told.innovations[innovation.name] = await regency.draft(
        told.agencies[innovation.agency], profile, evidence, told.year
    )
