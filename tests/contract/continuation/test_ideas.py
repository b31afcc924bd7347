"""Public ideas: anybody hands one in, without personal data; the region decides what becomes of it."""

from __future__ import annotations

import pytest

from shared.contracts.continuation import OriginKind
from shared.contracts.idea import IdeaChanged
from shared.contracts.innovation import InnovationDrafted
from shared.faults import StoreAway
from tests.support.registry_service import REGION, RegistryService

IDEAS = f"/regions/{REGION}/ideas"
IDEA = {"title": "Antrean puskesmas lewat pesan", "text": "Warga mengambil nomor antrean dari rumah."}


async def handed_in(registry: RegistryService, key: str = "idea-1", **changed: str) -> str:
    """Returns the idea's path."""
    made = await registry.by(None)("POST", IDEAS, {**IDEA, **changed}, key=key)
    assert made.status_code == 201, made.text
    return f"/ideas/{made.json()['id']}"


async def test_anybody_hands_in_an_idea_and_its_text_is_read_in_the_region_only(registry: RegistryService) -> None:
    idea = await handed_in(registry)
    again = await handed_in(registry)
    public = (await registry.by(None)("GET", idea)).json()
    operator = (await registry.by("operator")("GET", idea)).json()
    elsewhere = (await registry.by("curator-71")("GET", idea)).json()
    agency = (await registry.by("agency:a1")("GET", idea)).json()
    curator = (await registry.by("curator")("GET", idea)).json()

    assert again == idea
    for each in (public, operator, elsewhere, agency):
        assert (each["status"], "text" in each, "title" in each) == ("new", False, False)
    assert (curator["title"], curator["text"]) == (IDEA["title"], IDEA["text"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hubungi warga@contoh.example untuk rincian.", "alamat surel"),
        ("Nomor saya 0812-3456-7890.", "nomor telepon"),
        ("WA +62 812 3456 7890", "nomor telepon"),
        ("NIK 6112010101900001", "nomor induk kependudukan"),
        ("NIK 6112 0141 0190 0001", "nomor induk kependudukan"),
        ("NIK 61.12.01.010190.0001", "nomor induk kependudukan"),
    ],
)
async def test_what_looks_like_personal_data_is_refused(registry: RegistryService, text: str, said: str) -> None:
    refused = await registry.by(None)("POST", IDEAS, {**IDEA, "text": text}, key="idea")

    assert refused.status_code == 422
    assert any(flaw["code"] == "personal-data" and said in flaw["message"] for flaw in refused.json()["flaws"])


@pytest.mark.parametrize(
    "text",
    [
        "Anggaran Rp 62.000.000.000 pada 2026.",
        "Perda 10/2026, pasal 386-390, 1.250 orang.",
        "Tahun 2020 2021 2022 2023 dan 2019 2020 2021 2022.",
    ],
)
async def test_amounts_and_numbers_of_laws_are_not_taken_for_personal_data(
    registry: RegistryService, text: str
) -> None:
    await handed_in(registry, text=text)


async def test_an_idea_goes_to_a_fostering_agency_which_takes_it_up_as_a_draft(registry: RegistryService) -> None:
    idea = await handed_in(registry)
    agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
    curator, owner = registry.by("curator"), registry.by(f"agency:{agency}")
    early = await owner("POST", f"{idea}/take-up")
    given = await curator.change("POST", f"{idea}/hand-over", {"agency": agency}, of=idea)
    listed = (await owner("GET", IDEAS)).json()["items"]
    others = (await registry.by(f"agency:{other}")("GET", IDEAS)).json()["items"]
    stranger = await registry.by(f"agency:{other}")("POST", f"{idea}/take-up")
    await registry.owed_events()

    taken = await owner("POST", f"{idea}/take-up")
    again = await owner("POST", f"{idea}/take-up")
    draft = (await owner("GET", f"/innovations/{taken.json()['innovation']}")).json()
    closed = await curator.change("POST", f"{idea}/close", {"reason": "Terlambat."}, of=idea)
    told = await registry.owed_events()
    (event, payload) = next(each for each in told if each[0].type != "idea.changed")
    assert len(told) == 2

    assert (early.status_code, stranger.status_code, closed.status_code) == (403, 403, 409)
    assert given.json()["status"] == "handed-over"
    assert ([each["title"] for each in listed], others) == ([IDEA["title"]], [])
    assert (taken.json()["status"], again.json()) == ("taken-up", taken.json())
    assert (draft["profile"]["name"], draft["profile"]["initiator"]) == (IDEA["title"], "masyarakat")
    assert event.type == "innovation.drafted"
    assert isinstance(payload, InnovationDrafted)
    assert payload.continuation is not None
    assert payload.continuation.origin is OriginKind.COMMUNITY
    assert IDEA["text"] not in payload.model_dump_json()


async def test_a_closed_idea_tells_its_reason_to_whoever_handed_it_in(registry: RegistryService) -> None:
    idea = await handed_in(registry)
    reason = {"reason": "Sudah ada layanan yang sama."}
    foreign = await registry.by("curator-71")("POST", f"{idea}/close", reason, tag='"1"')
    closed = await registry.by("curator").change("POST", f"{idea}/close", reason, of=idea)
    public = (await registry.by(None)("GET", idea)).json()

    assert (foreign.status_code, closed.status_code) == (403, 200)
    assert (public["status"], public["reason"]) == ("closed", reason["reason"])


async def test_an_idea_whose_draft_came_to_nothing_is_handed_over_or_closed_once_more(
    registry: RegistryService,
) -> None:
    idea = await handed_in(registry)
    first, second = await registry.agency(), await registry.agency("Dinas Sosial")
    curator, owner, other = (registry.by(each) for each in ("curator", f"agency:{first}", f"agency:{second}"))
    await curator.change("POST", f"{idea}/hand-over", {"agency": first}, of=idea)
    draft = f"/innovations/{(await owner('POST', f'{idea}/take-up')).json()['innovation']}"
    early = await curator.change("POST", f"{idea}/hand-over", {"agency": second}, of=idea)
    deleted = await owner.change("DELETE", draft, of=draft)

    given = await curator.change("POST", f"{idea}/hand-over", {"agency": second}, of=idea)
    taken = await other("POST", f"{idea}/take-up")
    again = f"/innovations/{taken.json()['innovation']}"
    await other.change("DELETE", again, of=again)
    closed = await curator.change("POST", f"{idea}/close", {"reason": "Tidak ada yang meneruskan."}, of=idea)

    assert (early.status_code, deleted.is_success, given.status_code, taken.status_code) == (409, True, 200, 200)
    assert (given.json()["status"], given.json()["innovation"]) == ("handed-over", None)
    assert again != draft
    assert (closed.json()["status"], closed.json()["reason"]) == ("closed", "Tidak ada yang meneruskan.")


async def test_so_many_are_taken_from_one_address_and_of_a_region_on_a_day(registry: RegistryService) -> None:
    for number in range(5):
        await handed_in(registry, f"idea-{number}")
    sixth = await registry.by(None)("POST", IDEAS, IDEA, key="idea-5")
    repeated = await registry.by(None)("POST", IDEAS, IDEA, key="idea-4")

    assert sixth.status_code == 429
    assert 0 < int(sixth.headers["Retry-After"]) <= 3600
    assert repeated.status_code == 201


async def test_a_region_s_own_limit_ends_with_the_local_day(registry: RegistryService) -> None:
    rules = f"/regions/{REGION}/continuation-rules"
    set_to = {"pipelines": (await registry.by("curator")("GET", rules)).json()["pipelines"], "ideas_per_day": 1}
    done = await registry.by("curator")("PUT", rules, set_to, tag='"0"')
    assert done.is_success, done.text

    await handed_in(registry, "first")
    second = await registry.by(None)("POST", IDEAS, IDEA, key="second")

    assert second.status_code == 429
    assert "paling banyak 1 gagasan sehari" in second.json()["detail"]
    assert 14 * 3600 < int(second.headers["Retry-After"]) <= 15 * 3600  # it is 09:00 in WIB


async def test_an_idea_whose_draft_was_made_before_a_crash_is_taken_up_with_that_draft(
    registry: RegistryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = await handed_in(registry)
    agency = await registry.agency()
    await registry.by("curator").change("POST", f"{idea}/hand-over", {"agency": agency}, of=idea)
    owner = registry.by(f"agency:{agency}")

    def crash(*_: object) -> None:
        raise StoreAway

    with monkeypatch.context() as crashing:
        crashing.setattr("services.registry.continuation.public_ideas.idea.take_up", crash)
        failed = await owner("POST", f"{idea}/take-up")
    between = (await owner("GET", idea)).json()
    taken = (await owner("POST", f"{idea}/take-up")).json()
    drafts = (await owner("GET", "/innovations")).json()["items"]

    assert (failed.status_code, between["status"], taken["status"]) == (503, "handed-over", "taken-up")
    assert [each["id"] for each in drafts] == [taken["innovation"]]


async def test_an_idea_that_goes_to_another_agency_after_a_crash_is_a_draft_of_its_own_there(
    registry: RegistryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = await handed_in(registry)
    first, second = await registry.agency(), await registry.agency("Dinas Sosial")
    curator, other = registry.by("curator"), registry.by(f"agency:{second}")
    await curator.change("POST", f"{idea}/hand-over", {"agency": first}, of=idea)

    def crash(*_: object) -> None:
        raise StoreAway

    with monkeypatch.context() as crashing:
        crashing.setattr("services.registry.continuation.public_ideas.idea.take_up", crash)
        await registry.by(f"agency:{first}")("POST", f"{idea}/take-up")
    await curator.change("POST", f"{idea}/hand-over", {"agency": second}, of=idea)
    taken = (await other("POST", f"{idea}/take-up")).json()
    again = (await other("POST", f"{idea}/take-up")).json()
    draft = (await other("GET", f"/innovations/{taken['innovation']}")).json()

    assert (draft["agency"], again) == (second, taken)


async def test_others_hear_how_far_an_idea_is_and_never_what_it_says(registry: RegistryService) -> None:
    idea = await handed_in(registry)
    agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
    await registry.owed_events()
    curator = registry.by("curator")
    for each in (agency, other, other):
        await curator.change("POST", f"{idea}/hand-over", {"agency": each}, of=idea)
    await curator.change("POST", f"{idea}/close", {"reason": "Sudah ada layanan yang sama."}, of=idea)
    told = await registry.owed_events()

    assert {event.type for event, _ in told} == {"idea.changed"}
    states = [payload for _, payload in told if isinstance(payload, IdeaChanged)]
    assert [(each.status.value, each.agency, each.handed_over) for each in states] == [
        ("handed-over", agency, 1),
        ("handed-over", other, 2),
        ("closed", other, 2),
    ]
    for event, payload in told:
        assert event.subject == idea.removeprefix("/").replace("ideas", "idea")
        assert not any(words in payload.model_dump_json() for words in (*IDEA.values(), "Sudah ada"))
