"""A person's name in the registry: found, corrected and hidden wherever it stands, in one region only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.registry.agencies.agency import Agency
from services.registry.continuation.commitment import Commitment
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.public_ideas.idea import Idea, IdeaStatus
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import AGENCY, COMMITMENT, IDEA, IMPORT_REPORT, INNOVATION, KINDS, MENTOR
from services.registry.privacy.part import RegistryPersonalData
from services.registry.privacy.places import PLACES
from services.registry.privacy.retention import RegistryRetention
from services.registry.settings import RegistrySettings
from shared.clock import Clock
from shared.faults import Invalid
from shared.ports.store import Store
from shared.runtime.personal_data import Correctable, PersonalData, Subject
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.storage.erasures.paths import texts_at
from shared.storage.repository import Repository
from tests.support.store_engines import Engine

REGION, ELSEWHERE = "61.12", "61.71"
NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
NAME = "Siti Aminah"
BY_NAME = Subject(region=REGION, name=NAME)


@dataclass
class Office:
    """A registry whose documents name NAME in every place where they can."""

    store: Store
    personal: PersonalData
    file: ErasureList

    async def put(self, kind: str, id: str, state: dict[str, Any]) -> None:
        await self.store.change(kind, id, lambda _: (state, None))

    async def state(self, kind: str, id: str) -> dict[str, Any]:
        found = await self.store.get(kind, id)
        assert found is not None
        return found.state

    async def names(self, kind: str, id: str) -> list[str]:
        """The places of the document that name the person."""
        state = await self.state(kind, id)
        paths = (*PLACES[kind].names, *PLACES[kind].texts)
        return [place for path in paths for place, text in texts_at(state, path) if "siti" in text.casefold()]


def innovation(id: str, region: str = REGION, agency: str = "dinkes") -> dict[str, Any]:
    file = {"digest": "d", "size": 1, "media_type": "application/pdf", "name": f"SK {NAME}.pdf", "added_at": NOW}
    evidence = {"16": {"level": 1, "subject": f"Pengangkatan {NAME}", "files": [{**file, "subject": NAME}]}}
    profile = {
        "name": "Klinik Siti Aminah",
        "initiator_name": NAME,
        "design": f"Digagas oleh {NAME}.",
        "purpose": NAME,
        "benefit": NAME,
        "outcome": NAME,
    }
    answer = {"use": "live", "reason": NAME, "note": NAME, "figures": [{"label": NAME, "value": "1"}]}
    day = "2026-01-02"
    followed = {"number": 1, "asked_on": day, "answer": answer, "files": [file]}
    continuation = {
        "moves": [{"pipeline": "p", "stage": "s", "note": NAME, "at": NOW, "by": "account-1"}],
        "origin": {"kind": "training", "training": "pkp", "reason": NAME},
        "use": {"use": "dormant", "since": NOW, "reason": NAME},
        "question": {"number": 2, "asked_on": day, "until": day, "files": [file]},
        "follow_ups": [followed],
        "actors": [{"kind": "komunitas", "name": NAME, "part": NAME}],
        "sustainability": {"team": [{"name": NAME, "part": NAME}], "successor": NAME, "financing": NAME},
        "rights": [{"kind": "merek", "number": "1", "dated": day, "holder": f"dr. {NAME.upper()}, M.Kes"}],
    }
    made = Innovation.model_validate(
        {
            "created_by_body": "",
            "id": id,
            "region": region,
            "agency": agency,
            "year": 2026,
            "assignments": [],
            "profile": profile,
            "documents": {"award": file},
            "evidence": evidence,
            "handed_in": {"profile": profile, "evidence": evidence},
            "comments": {"16": NAME},
            "withdrawal": {"region": region, "reason": NAME, "by": "account-1", "at": NOW},
            "redactions": [{"digest": "d", "reason": NAME, "by": "account-1", "at": NOW}],
            "history": [{"at": NOW, "by": "account-1", "action": "returned", "reason": NAME}],
            "continuation": continuation,
        }
    )
    return made.model_dump(mode="json")


@pytest.fixture
async def office(either: Engine, tmp_path: Path) -> Office:
    store = await either.open(*KINDS)
    file = ErasureList(tmp_path / "erased.jsonl")
    office = Office(store, RegistryPersonalData(store, (), Erasures(store, "registry", file)), file)
    for id, region, agency in (("i1", REGION, "dinkes"), ("i2", REGION, "dinsos"), ("i3", ELSEWHERE, "lain")):
        await office.put(INNOVATION.name, id, innovation(id, region, agency))
    mentor = Mentor(region=REGION, name=f"Ibu {NAME}", since=NOW, by="account-1")
    await office.put(MENTOR.name, "dinkes", mentor.model_dump(mode="json"))
    idea = Idea(created_by_body="", id="g", region=REGION, title="Gagasan", text=f"Usul {NAME}", received_at=NOW)
    await office.put(IDEA.name, "g", idea.model_dump(mode="json"))
    promises = ({"name": "Klinik Siti Aminah", "dropped": f"{NAME} pindah"},)
    commitment = Commitment.model_validate(
        {
            "created_by_body": "",
            "region": REGION,
            "agency": "dinkes",
            "year": 2026,
            "number": "1",
            "dated": "2026-01-02",
            "promises": promises,
            "changed_at": NOW,
        }
    )
    await office.put(COMMITMENT.name, "dinkes/2026", commitment.model_dump(mode="json"))
    return office


async def test_a_name_is_found_in_every_place_of_its_region(office: Office) -> None:
    held = await office.personal.find(BY_NAME)

    assert [(each.kind, each.id) for each in held] == [
        ("innovation", "i1"),
        ("innovation", "i2"),
        ("mentor", "dinkes"),
        ("commitment", "dinkes/2026"),
        ("idea", "g"),
    ]
    places = {
        place
        for path in (*PLACES["innovation"].names, *PLACES["innovation"].texts)
        for place, _ in texts_at(await office.state(INNOVATION.name, "i1"), path)
    }
    assert set(held[0].data) == places, "every place of the sample names the person"
    assert len(places) > 35


async def test_an_erasure_hides_the_name_and_nothing_else_and_the_list_does_not_name_the_person(
    office: Office,
) -> None:
    before = await office.state(INNOVATION.name, "i1")

    done = await office.personal.erase(BY_NAME, "satu")

    assert done.documents == 5
    after = await office.state(INNOVATION.name, "i1")
    assert await office.names(INNOVATION.name, "i1") == []
    assert after["profile"]["name"] == "Klinik Siti Aminah", "it is public, and not the person's"
    assert after["continuation"]["rights"][0]["holder"] == "dr. •••, M.Kes"
    assert after["profile"]["design"] == "Digagas oleh •••."
    assert {**after, "id": 0}.keys() == {**before, "id": 0}.keys()
    assert (await office.state(MENTOR.name, "dinkes"))["name"] == "Ibu •••"
    assert len(await office.names(INNOVATION.name, "i3")) > 30, "another region's is somebody else"
    content = office.file.path.read_text().casefold()
    assert "siti" not in content
    assert "aminah" not in content
    assert Innovation.model_validate(after)


async def test_only_one_agency_s_documents_and_only_fields_for_names_when_so_asked(office: Office) -> None:
    subject = Subject(region=REGION, name=NAME, agency="dinsos", texts=False)

    done = await office.personal.erase(subject, "satu")

    assert done.documents == 1
    after = await office.state(INNOVATION.name, "i2")
    assert after["profile"]["initiator_name"] == "•••"
    assert after["profile"]["design"] == f"Digagas oleh {NAME}."
    assert len(await office.names(INNOVATION.name, "i1")) > 30


async def test_a_backup_that_names_the_person_again_is_cleared_by_fingerprint(office: Office) -> None:
    await office.personal.erase(BY_NAME, "satu")
    for key in [row.id async for row in office.store.scan("erasure", {}, ())]:
        await office.store.erase("erasure", key)
    await office.put(INNOVATION.name, "i1", innovation("i1"))
    await office.put(INNOVATION.name, "i9", innovation("i9"))

    again = await Erasures(office.store, "registry", office.file).catch_up(office.personal)

    assert again == 1
    assert [await office.names(INNOVATION.name, id) for id in ("i1", "i9")] == [[], []]


async def test_a_wrong_spelling_is_corrected_everywhere(office: Office) -> None:
    count = await office.personal.correct(BY_NAME, {Correctable.NAME: "Siti Amina"}, "satu")

    assert count == 5
    assert await office.personal.find(BY_NAME) == []
    assert (await office.state(INNOVATION.name, "i1"))["continuation"]["rights"][0]["holder"] == "dr. Siti Amina, M.Kes"
    with pytest.raises(Invalid):
        await office.personal.correct(Subject(region=REGION, name="Siti Amina"), {Correctable.NAME: "x" * 201}, "satu")


async def test_the_report_of_an_import_forgets_the_name_too(office: Office) -> None:
    run = {"region": REGION, "status": "done", "at": NOW.isoformat()}
    await office.put("import", "run", run)
    finding = {"sheet": "innovations", "row": 2, "value": NAME, "code": "x", "reason": f"nama {NAME} ganda"}
    await office.put(IMPORT_REPORT.name, "run/000000", {"run": "run", "findings": [finding]})

    await office.personal.erase(BY_NAME, "satu")

    (after,) = (await office.state(IMPORT_REPORT.name, "run/000000"))["findings"]
    assert (after["value"], after["reason"]) == ("•••", "nama ••• ganda")


async def test_an_account_is_found_where_it_did_something_and_stays_on_record(office: Office) -> None:
    held = await office.personal.find(Subject(account="account-1"))

    assert [(each.kind, each.id) for each in held] == [
        *(("innovation", f"i{number}") for number in (1, 2, 3)),
        ("mentor", "dinkes"),
    ]
    assert all(each.kept for each in held)


async def test_names_of_those_who_left_and_closed_ideas_go_when_their_days_are_over(office: Office) -> None:
    long_ago, lately = "2025-11-29", "2025-12-01"
    state = innovation("i1")
    state["continuation"]["sustainability"]["team"] = [
        {"name": "Lama", "leaves_on": long_ago},
        {"name": "Baru", "leaves_on": lately},
        {"name": "Tetap"},
    ]
    await office.put(INNOVATION.name, "i1", state)
    for agency, retired in (("dinkes", long_ago), ("dinsos", lately)):
        made = {"id": agency, "region": REGION, "name": agency, "kind": "dinas", "retired_on": retired}
        known = Agency.model_validate({**made, "key": agency, "created_by_body": ""})
        await office.put(AGENCY.name, agency, known.model_dump(mode="json"))
        mentor = Mentor(region=REGION, name="Mentor", since=NOW, by="")
        await office.put(MENTOR.name, agency, mentor.model_dump(mode="json"))
    for id, decided in (("old", long_ago), ("new", lately)):
        idea = {"created_by_body": "", "id": id, "region": REGION, "title": "t", "text": "t", "received_at": NOW}
        closed = {"status": IdeaStatus.CLOSED, "reason": "r", "decided_at": f"{decided}T00:00:00Z"}
        await office.put(IDEA.name, id, Idea.model_validate({**idea, **closed}).model_dump(mode="json"))
    innovations = Repository(office.store, INNOVATION, Innovation, "")
    agencies = Repository(office.store, AGENCY, Agency, "")

    def sweep(**days: int) -> RegistryRetention:
        return RegistryRetention(office.store, innovations, agencies, Clock(NOW), RegistrySettings(**days))

    assert await sweep(name_retention_days=0, idea_retention_days=0).sweep(NOW) == (0, 0, 0)
    assert await sweep().sweep(NOW) == (1, 1, 1)
    assert await sweep().sweep(NOW) == (0, 0, 0)

    team = (await office.state(INNOVATION.name, "i1"))["continuation"]["sustainability"]["team"]
    assert [each["name"] for each in team] == ["•••", "Baru", "Tetap"]
    assert [(await office.state(MENTOR.name, id))["name"] for id in ("dinkes", "dinsos")] == [None, "Mentor"]
    assert sorted([row.id async for row in office.store.scan(IDEA.name, {}, ())]) == ["g", "new"]
