"""Contacts over HTTP: who may keep whom, what is accepted, what is told again. On a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.notifications.kinds import CONTACT, MEMBERSHIP
from tests.support.notifications_api import BUDI, DINKES, DINSOS, Api, notifications_api
from tests.support.notifications_service import REGION, agency, agency_id, person_id

OTHERS = agency_id("Dinas Lain")
SEKDA: dict[str, Any] = {"agencies": [], "role": "executive", "name": "Sekda", "email": "sekda@kuburaya.example"}
CONSENT: dict[str, Any] = {"phone": "0812-3456-7890", "consent_whatsapp": "2026-12"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


async def close_address(api: Api, person: str, name: str = "email", code: str = "5.1.1") -> None:
    """As a bounce does."""

    def closed(state: dict[str, Any] | None) -> tuple[dict[str, Any], None]:
        assert state is not None
        return state | {f"{name}_closed": code, "closed": 1, "reachable": 0}, None

    await api.service.store.change(CONTACT.name, person, closed)


async def test_a_contact_is_created_once_and_masked_in_lists(api: Api) -> None:
    made = await api.create_contact(phone="0812-3456-7890")
    assert made.status_code == 201
    assert made.json()["phone"] == "+6281234567890"
    again = await api.create_contact(phone="0812-3456-7890")
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert (await api.create_contact(name="Lain")).json()["type"] == "/problems/idempotency-key-reused"
    (listed,) = await api.listed()
    assert (listed["name"], listed["email"], listed["phone"]) == ("B••• S•••", "b•••@dinkes.example", "+62•••90")
    assert await api.listed(agency=DINSOS) == []


async def test_a_new_contact_is_unconfirmed_and_says_who_entered_it(api: Api) -> None:
    made = (await api.create_contact(**CONSENT)).json()

    assert (made["email_confirmed"], made["phone_confirmed"], made["address_revision"]) == (False, False, 1)
    assert (made["role"], made["preferred"], made["reachable"], made["own"]) == ("officer", "email", True, False)
    assert (made["by"], made["email_closed"], made["hints"]) == ("account-c", None, [])


async def test_a_contact_is_corrected_by_its_version(api: Api) -> None:
    made = await api.create_contact()
    place = f"/contacts/{made.json()['id']}"
    body = BUDI | {"email": "budi.baru@dinkes.example"}
    assert (await api.request("curator", "PUT", place, json=body)).status_code == 428
    assert (await api.correct(made, **body)).json()["email"] == "budi.baru@dinkes.example"
    assert (await api.correct(made)).status_code == 412
    elsewhere = await api.request("curator", "PUT", place, json=body | {"region": "61.71"}, headers={"If-Match": "x"})
    assert elsewhere.status_code == 422
    assert (await api.request("stranger", "GET", place)).status_code == 403


@pytest.mark.parametrize(
    ("change", "revision"),
    [
        ({"name": "Budi S."}, 1),
        ({"email": "Budi@DINKES.example"}, 1),
        ({"email": None}, 1),
        ({"phone": "0812-3456-7890"}, 1),
        ({"email": "baru@dinkes.example"}, 2),
        ({"another_person": True}, 2),
    ],
)
async def test_what_still_holds_is_told_again_only_to_a_replaced_address_or_another_person(
    api: Api, change: dict[str, Any], revision: int
) -> None:
    made = await api.create_contact()

    assert (await api.correct(made, **change)).json()["address_revision"] == revision


async def test_a_moved_contact_is_found_at_its_new_agency_only(api: Api) -> None:
    made = await api.create_contact()

    moved = await api.correct(made, agencies=[DINSOS])

    assert (moved.json()["agencies"], moved.json()["address_revision"]) == ([DINSOS], 1)
    assert [each["id"] for each in await api.listed(agency=DINSOS)] == [made.json()["id"]]
    assert await api.listed(agency=DINKES) == [], "the former membership leads nowhere"


async def test_erasing_a_person_leaves_no_personal_data(api: Api) -> None:
    made = await api.create_contact(**CONSENT, landline="(0561) 721234", valid_from="2026-01-01")
    person = made.json()["id"]

    gone = await api.request("curator", "DELETE", f"/contacts/{person}", headers={"If-Match": made.headers["etag"]})

    assert gone.status_code == 204
    assert (await api.request("curator", "GET", f"/contacts/{person}")).status_code == 404
    stored = [each["state"] async for each in api.service.store.dump(CONTACT.name)]
    assert not any(text in str(stored).lower() for text in ("budi", "81234", "721234"))
    assert (stored[0]["agencies"], stored[0]["by"]) == ([DINKES], "account-c")
    assert [each["_id"] async for each in api.service.store.dump(MEMBERSHIP.name)] == [f"{DINKES}/{person}"]
    assert await api.listed(agency=DINKES) == []
    assert (await api.correct(made)).status_code == 404
    assert (await api.create_contact()).status_code == 409


async def test_bad_contacts_are_refused_with_their_fields(api: Api) -> None:
    bad = await api.create_contact(
        name=" ",
        email="bukan",
        phone="021-555",
        landline="721234",
        agencies=[],
        role="officer",
        preferred="telegram",
        valid_from="2026-12-31",
        valid_to="2026-12-30",
        notice="kemarin",
        consent_whatsapp="ya",
        gaji=1,
    )

    assert bad.status_code == 422
    assert {flaw["field"]: flaw["code"] for flaw in bad.json()["flaws"]} == {
        "name": "string-too-short",
        "email": "value-error",
        "phone": "value-error",
        "landline": "value-error",
        "agencies": "value-error",
        "preferred": "enum",
        "valid_to": "value-error",
        "notice": "value-error",
        "consent_whatsapp": "value-error",
        "gaji": "extra-forbidden",
    }


async def test_a_role_of_the_region_names_no_agency(api: Api) -> None:
    refused = await api.create_contact(**SEKDA | {"agencies": [DINKES]})
    made = await api.create_contact(**SEKDA)

    assert [(flaw["field"], flaw["code"]) for flaw in refused.json()["flaws"]] == [("agencies", "value-error")]
    assert (made.status_code, made.json()["agencies"], made.json()["role"]) == (201, [], "executive")


async def test_a_contact_names_known_agencies_of_its_own_region_only(api: Api) -> None:
    await api.service.receive(agency("Dinas Lain", region="61.71"))
    unknown = agency_id("Belum Dikenal")
    made = await api.create_contact(key="own")

    created = await api.create_contact(key="foreign", agencies=[DINKES, OTHERS], email="lain@dinkes.example")
    corrected = await api.correct(made, agencies=[unknown])
    imported = await api.import_table(f"nama,perangkat_daerah\nA,{DINKES}\nB,{OTHERS}|{DINKES}\nC,{unknown}\n")

    for answer, flaws in (
        (created, [("agencies.1", "other-region")]),
        (corrected, [("agencies.0", "unknown")]),
        (imported, [("line.3.agencies", "other-region"), ("line.4.agencies", "unknown")]),
    ):
        assert answer.status_code == 422
        assert [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]] == flaws
    assert len(await api.listed()) == 1


async def test_an_address_belongs_to_one_contact_of_a_region(api: Api) -> None:
    made = await api.create_contact(phone="0812-3456-7890")

    same_mail = await api.create_contact("other", name="Lain")
    other_case = await api.create_contact("case", name="Lain", email="BUDI@dinkes.example")
    same_phone = await api.create_contact("third", name="Lain", email=None, phone="+62 812 3456 7890")

    assert made.status_code == 201
    assert {same_mail.status_code, other_case.status_code, same_phone.status_code} == {409}
    assert (await api.correct(made, phone="0812-3456-7890", name="Budi S.")).status_code == 200, "its own"


async def test_contacts_of_earlier_releases_that_share_a_number_can_still_be_corrected(api: Api) -> None:
    await api.service.set_contact("Sari", email="sari@x.example", phone="+6281234567890")
    await api.service.set_contact("Tono", email="tono@x.example", phone="+6281234567890")
    seen = await api.request("curator", "GET", f"/contacts/{person_id('Sari')}")

    renamed = await api.correct(seen, name="Sari S.", email="sari@x.example", phone="0812-3456-7890")
    imported = await api.import_table(
        f"nama,email,telepon,perangkat_daerah\nTono T,tono@x.example,0812-3456-7890,{DINKES}\n"
    )

    assert renamed.status_code == 200
    assert imported.json()["people"] == [person_id("Tono")]


async def test_a_landline_is_kept_to_call_and_not_used_for_whatsapp(api: Api) -> None:
    made = await api.create_contact(
        email=None, phone="(0561) 721-234", preferred="whatsapp", consent_whatsapp="2026-12"
    )

    body = made.json()
    assert (body["phone"], body["landline"], body["reachable"]) == (None, "+62561721234", False)
    assert [(hint["field"], hint["code"]) for hint in body["hints"]] == [
        ("phone", "landline"),
        ("preferred", "no-mobile"),
    ]
    assert (await api.create_contact("k2", phone="0561 721234", landline="0561 721235")).status_code == 422


async def test_whatsapp_needs_the_consent_on_record(api: Api) -> None:
    without = await api.create_contact(email=None, phone="0812-3456-7890")
    asked = await api.correct(without, email=None, **CONSENT)

    assert (without.json()["reachable"], without.json()["hints"][0]["code"]) == (False, "no-consent")
    assert (asked.json()["reachable"], asked.json()["hints"], asked.json()["address_revision"]) == (True, [], 1)
    texts = (await api.request("executive", "GET", "/contacts/notice")).json()
    assert texts["whatsapp_version"] == "2026-12"
    assert "WhatsApp" in texts["whatsapp_text"]
    assert "27 Tahun 2022" in texts["text"]


async def test_a_closed_address_is_shown_listed_and_opened_again_by_an_editor(api: Api) -> None:
    made = await api.create_contact()
    await api.create_contact("sari", name="Sari", email="sari@dinkes.example")
    person = made.json()["id"]
    await close_address(api, person)

    (listed,) = await api.listed(closed=True)
    assert (listed["id"], listed["email_closed"], listed["reachable"]) == (person, "5.1.1", False)
    assert [each["id"] for each in await api.listed(closed=True, agency=DINKES)] == [person]
    assert len(await api.listed(closed=False)) == 1
    seen = await api.request("agency", "GET", f"/contacts/{person}")
    renamed = await api.correct(seen, name="Budi S.")
    assert renamed.json()["email_closed"] == "5.1.1"
    opened = await api.correct(renamed, by="agency", reopen=True)
    assert (opened.json()["email_closed"], opened.json()["reachable"]) == (None, True)
    assert await api.listed(closed=True) == []


async def test_contacts_are_listed_by_role_and_agency_in_pages(api: Api) -> None:
    for number in range(3):
        await api.create_contact(f"o{number}", name=f"Petugas {number}", email=f"o{number}@x.example")
    await api.create_contact("head", role="head", name="Kepala", email="h@x.example", agencies=[DINKES, DINSOS])
    await api.create_contact("sekda", **SEKDA)

    assert len(await api.listed(limit=2)) == 5
    assert [each["name"] for each in await api.listed(role="executive")] == ["S•••"]
    assert len(await api.listed(agency=DINKES, limit=1)) == 4
    assert [each["role"] for each in await api.listed(agency=DINKES, role="head")] == ["head"]
    assert [each["role"] for each in await api.listed("both", limit=1)].count("head") == 1, "each contact once"
    assert (await api.request("curator", "GET", "/contacts", params={"role": "bupati"})).status_code == 422


async def test_an_agency_keeps_its_own_contacts_and_sees_them_in_full(api: Api) -> None:
    made = await api.create_contact(by="agency")
    assert (made.status_code, made.json()["own"], made.json()["by"]) == (201, True, "account-a")
    (listed,) = await api.listed("agency")
    assert (listed["name"], listed["email"]) == (BUDI["name"], BUDI["email"])
    corrected = await api.correct(made, by="agency", role="head", name="Budi S.")
    assert (corrected.json()["role"], corrected.json()["own"]) == ("head", True)
    again = await api.correct(corrected, by="curator", role="head")
    assert (again.json()["own"], again.json()["by"]) == (True, "account-c")
    place, tag = f"/contacts/{made.json()['id']}", {"If-Match": again.headers["etag"]}
    assert (await api.request("agency", "DELETE", place, headers=tag)).status_code == 204
    assert await api.listed("agency") == []


async def test_an_agency_reads_what_is_also_its_own_and_changes_what_is_only_its_own(api: Api) -> None:
    own = await api.create_contact()
    shared = await api.create_contact("s", agencies=[DINKES, DINSOS], name="Sari", email="s@x.example")
    other = await api.create_contact("o", agencies=[DINSOS], name="Tono", email="t@x.example")
    sekda = await api.create_contact("e", **SEKDA)

    for made, reads, changes in ((own, 200, 412), (shared, 200, 403), (other, 403, 403), (sekda, 403, 403)):
        place, stale = f"/contacts/{made.json()['id']}", {"If-Match": '"1"'}
        assert (await api.request("agency", "GET", place)).status_code == reads
        assert (await api.request("agency", "PUT", place, json=BUDI, headers=stale)).status_code == changes
        assert (await api.request("agency", "DELETE", place, headers=stale)).status_code == changes
    assert {each["id"] for each in await api.listed("agency")} == {own.json()["id"], shared.json()["id"]}
    assert (await api.request("agency", "GET", "/contacts", params={"agency": DINSOS})).status_code == 403
    assert await api.listed("elsewhere") == []
    assert (await api.correct(own, by="agency", agencies=[DINSOS])).status_code == 403


@pytest.mark.parametrize(
    ("who", "body"),
    [
        ("agency", {"agencies": [DINSOS]}),
        ("agency", {"agencies": [DINKES, DINSOS]}),
        ("agency", SEKDA),
        ("agency", SEKDA | {"role": "curator"}),
        ("elsewhere", {}),
        ("stranger", {}),
    ],
)
async def test_an_account_enters_no_contact_beyond_its_own(api: Api, who: str, body: dict[str, Any]) -> None:
    assert (await api.create_contact(by=who, **body)).status_code == 403


@pytest.mark.parametrize("who", ["executive", "operator"])
async def test_others_keep_and_see_no_contacts(api: Api, who: str) -> None:
    made = await api.create_contact()
    place = f"/contacts/{made.json()['id']}"

    assert (await api.request(who, "GET", "/contacts")).status_code == 403
    assert (await api.request(who, "GET", place)).status_code == 403
    assert (await api.create_contact("k2", by=who)).status_code == 403
    assert (await api.correct(made, by=who)).status_code == 403
    assert (await api.import_table("nama,perangkat_daerah\n", by=who)).status_code == 403
    assert (await api.import_table("nama,perangkat_daerah\n", by="agency")).status_code == 403


async def test_a_person_is_found_by_agency_and_region(api: Api) -> None:
    made = await api.create_contact(agencies=[DINKES, DINSOS])
    sekda = await api.create_contact("e", **SEKDA)
    directory = api.service.parts.directory

    both = await directory.of_agencies([DINKES, DINSOS, OTHERS])
    assert {id: [each.id for each in found] for id, found in both.items()} == {
        DINKES: [made.json()["id"]],
        DINSOS: [made.json()["id"]],
        OTHERS: [],
    }
    assert [each.id for each in await directory.of_region(REGION)] == [sekda.json()["id"]]
    assert await directory.of_region("61.71") == []
    assert person_id("nobody") not in {each.id for each in await directory.of_agency(DINKES)}
