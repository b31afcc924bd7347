"""A portal's read model with many innovations of one region, written straight into the store by its own steps; made
once and kept in `.cache`."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.system.data import kept_file
from benchmarks.system.drafts import REGION_CODE, id_of
from services.portal.kinds import KINDS
from services.portal.model.keeping.counting import Counting
from services.portal.model.kinds import BOARD, CATALOGUE, INNOVATION, KNOWN_AGENCY, KNOWN_REGION, SUMMARY, WORD
from services.portal.model.states.agency import with_agency
from services.portal.model.states.board import board_id, with_duty, with_mark
from services.portal.model.states.briefs import CardBrief, InnovationBrief
from services.portal.model.states.catalogue import with_listing
from services.portal.model.states.innovation import is_public, with_card, with_innovation
from services.portal.model.states.region import with_region
from services.portal.model.states.summary import summary_id, with_index
from services.portal.model.states.word import names_of, with_word, word_id
from services.portal.model.upkeep.mark import Marks
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.agency import AgencyRegistered
from shared.contracts.obligation import ObligationState
from shared.contracts.region import Deadline, PolicyRevision, RegionRegistered
from shared.contracts.region_index import IndexFigure, RegionIndexed
from shared.contracts.vocabulary import AgencyKind, Form, InnovationStatus, Nature, ObligationStatus, Stage, Zone
from shared.ports.store import ID, Kind, State, Store

YEARS = (2022, 2023, 2024, 2025, 2026)
AGENCIES = 1000
_WORDS = (
    "Sistem",
    "Informasi",
    "Layanan",
    "Aplikasi",
    "Terpadu",
    "Gerakan",
    "Sehat",
    "Cerdas",
    "Desa",
    "Digital",
    "Pelayanan",
    "Cepat",
    "Tanggap",
    "Ibu",
    "Anak",
    "Sekolah",
    "Ramah",
    "Lingkungan",
    "Bank",
    "Sampah",
    "Data",
    "Kependudukan",
    "Keliling",
    "Jemput",
    "Bola",
    "Pajak",
    "Daring",
    "Perizinan",
    "Mudah",
    "Kartu",
    "Petani",
    "Nelayan",
    "Pasar",
    "Rakyat",
    "Wisata",
    "Budaya",
    "Posyandu",
    "Lansia",
    "Stunting",
    "Siaga",
    "Bencana",
    "Banjir",
    "Kebakaran",
    "Pustaka",
    "Arsip",
    "Kampung",
    "Iklim",
    "Air",
    "Bersih",
    "Jalan",
    "Lampu",
    "Taman",
    "Kelas",
    "Guru",
    "Murid",
    "Inklusif",
    "Disabilitas",
    "Perempuan",
    "Pemuda",
    "Mandiri",
)
_STATUSES = [InnovationStatus.VERIFIED] * 7 + [InnovationStatus.SUBMITTED, InnovationStatus.RETURNED]
_DUTIES = [ObligationStatus.FULFILLED] * 7 + [ObligationStatus.OVERDUE, ObligationStatus.OPEN]
_BEGAN = datetime(2022, 3, 1, tzinfo=UTC)
_ROWS = [str(number) for number in range(16, 36)]
_AT_ONCE = 2000  # documents


@asynccontextmanager
async def filled_portal(folder: Path, innovations: int, agencies: int = AGENCIES) -> AsyncIterator[SqliteStore]:
    """The store of a portal in a data folder, with a complete read model of REGION_CODE."""
    kept = kept_file(f"portal-{agencies}-{innovations}")
    if not (kept / "complete").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        async with _opened(kept / "data") as store:
            await _fill(store, innovations, agencies)
        (kept / "complete").touch()
    shutil.copytree(kept / "data", folder, dirs_exist_ok=True)
    async with _opened(folder) as store:
        yield store


def agency_id(number: int) -> str:
    """Of an agency, from 0."""
    return id_of("agency", REGION_CODE, number)


def innovation_id(number: int) -> str:
    """Of an innovation, from 0."""
    return id_of("portal", number)


def words() -> list[str]:
    """Those that names are made of."""
    return list(_WORDS)


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(folder / "portal.sqlite")
    await store.open(KINDS)
    try:
        yield store
    finally:
        await store.close()


async def _fill(store: Store, innovations: int, agencies: int) -> None:
    dice = random.Random(20261130)
    await _write(store, KNOWN_REGION, [(REGION_CODE, _state(with_region(None, _region(), 1)))])
    kinds = [each for each in AgencyKind for _ in range(agencies // len(AgencyKind) + 1)]
    names = {agency_id(n): f"{kinds[n].value.title()} {' '.join(dice.sample(_WORDS, 2))} {n}" for n in range(agencies)}
    await _write(store, KNOWN_AGENCY, _agencies(names, kinds))
    await _write(store, BOARD, _duties(names, dice))
    await _write(store, SUMMARY, ((summary_id(REGION_CODE, year), _indexed(year)) for year in YEARS))
    made = [_innovation(number, dice.randrange(agencies), dice) for number in range(innovations)]
    await _write(store, INNOVATION, made)
    public = [(id, state) for id, state in made if is_public(state)]
    await _write(store, CATALOGUE, ((id, _state(with_listing(None, state))) for id, state in public))
    await _write(store, WORD, _words_of(public, names))
    counting = Counting(store, rest=0)
    while await counting.count():
        pass
    await Marks(store).fill()


def _region() -> RegionRegistered:
    policy = PolicyRevision(revision=1, from_year=2000, obliged_kinds=tuple(AgencyKind))
    deadlines = tuple(Deadline(year=year, revision=1, date=date(year, 11, 30), set_at=_BEGAN) for year in YEARS)
    return RegionRegistered(
        code=REGION_CODE,
        name="Kabupaten Buatan",
        zone=Zone.WIB_PONTIANAK,
        catalogue="2026.1",
        policies=(policy,),
        deadlines=deadlines,
    )


def _agencies(names: dict[str, str], kinds: list[AgencyKind]) -> Iterator[tuple[str, State]]:
    for (id, name), kind in zip(names.items(), kinds, strict=False):
        agency = AgencyRegistered(id=id, region=REGION_CODE, name=name, kind=kind)
        yield id, _state(with_agency(None, agency, 1))


def _duties(names: dict[str, str], dice: random.Random) -> Iterator[tuple[str, State]]:
    for agency in names:
        for year in YEARS:
            duty = ObligationState(
                agency=agency,
                region=REGION_CODE,
                year=year,
                status=dice.choice(_DUTIES),
                minimum=1,
                deadline=date(year, 11, 30),
                deadline_revision=1,
                on_time=True,
            )
            marked = with_mark(None, REGION_CODE, agency, year)
            yield board_id(agency, year), _state(with_duty(marked, duty, 1))


def _indexed(year: int) -> State:
    points = dict.fromkeys(("maturity", "spd", "sid", "count_points", "index"), 50)
    figure = IndexFigure.model_validate({"innovations": 200, "basic_service": 6, **points})
    indexed = RegionIndexed.model_validate(
        {"region": REGION_CODE, "year": year, "claimed": figure, "verified": figure}
        | {"predicate": "inovatif", "to_next_predicate": 15.01}
    )
    return _state(with_index(None, indexed, 1))


def _innovation(number: int, agency: int, dice: random.Random) -> tuple[str, State]:
    id, status = innovation_id(number), dice.choice(_STATUSES)
    submitted = _BEGAN + timedelta(minutes=number * 60)
    place = {"region": REGION_CODE, "agency": agency_id(agency), "year": dice.choice(YEARS), "status": status.value}
    moments: dict[str, Any] = dict.fromkeys(
        ("first_submitted_at", "submitted_at", "status_since"), submitted.isoformat()
    )
    if status is InnovationStatus.VERIFIED:
        moments["verified_at"] = (submitted + timedelta(days=9)).isoformat()
    brief = InnovationBrief(
        **{"id": id, "assignments": [{**place, "present": True}], **place, **moments},
        name=" ".join(dice.sample(_WORDS, dice.randint(2, 6))),
        stage=dice.choice(list(Stage)).value,
        initiator="opd",
        classification="perangkat_daerah",
        nature=dice.choice(list(Nature)).value,
        form=dice.choice(list(Form)).value,
        main_affair=dice.choice(list(AFFAIR_NAMES)),
        turn=2,
    )
    levels = [dice.randint(0, 3) for _ in _ROWS]
    rows = [
        {"row": row, "level": level, "points": level, "verified_level": level, "verified_points": level}
        for row, level in zip(_ROWS, levels, strict=True)
    ]
    card = CardBrief(
        **{"innovation": id, "innovation_sequence": 1, **place},
        catalogue="2026.1",
        claimed=sum(levels),
        verified=sum(levels) if status is InnovationStatus.VERIFIED else 0,
        most=111,
        rows=rows,
        missing_mandatory=[],
    )
    return id, _state(with_card(_state(with_innovation(None, brief, 1)), card, 1))


def _words_of(public: Iterable[tuple[str, State]], names: dict[str, str]) -> Iterator[tuple[str, State]]:
    for id, state in public:
        found = names_of(state, names[state["agency"]])
        for word in found:
            yield word_id(id, word), _state(with_word(None, word, id, state, found))


def _state(state: State | None) -> State:
    assert state is not None
    return state


async def _write(store: Store, kind: Kind, states: Iterable[tuple[str, State]]) -> None:
    batch: list[State] = []
    for id, state in states:
        nothing: State = {"outbox": [], "last_event": None, "outbox_since": None}
        plain = json.loads(json.dumps(state))
        batch.append({ID: id, "schema": kind.schema, "sequence": 1, "state": plain, **nothing})
        if len(batch) == _AT_ONCE:
            await store.load(kind.name, batch)
            batch = []
    await store.load(kind.name, batch)
