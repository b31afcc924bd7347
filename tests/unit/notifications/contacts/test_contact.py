from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.state import replaced

BUDI = Contact.of(
    region="61.12", agencies=["a"], name="Budi Santoso", email="budi@x.example", phone="+6281234567890", body="digest"
)


def test_lists_mask_personal_data() -> None:
    assert BUDI.masked() == {"name": "B••• S•••", "email": "b•••@x.example", "phone": "+62•••90"}


def test_erasure_keeps_region_and_agencies_only() -> None:
    erased = BUDI.without_personal_data().model_dump(mode="json")
    assert {name: value for name, value in erased.items() if value} == {
        "region": "61.12",
        "agencies": ["a"],
        "erased": 1,
    }


def test_a_flag_stays_with_the_old_address_and_goes_with_a_new_one() -> None:
    flagged = BUDI.with_unknown_address("budi@x.example")
    assert flagged is not None
    assert flagged.with_unknown_address("budi@x.example") is None
    assert BUDI.with_unknown_address("other@x.example") is None
    renamed = flagged.corrected(replaced(BUDI, name="Budi S"))
    assert (renamed.flagged, renamed.reachable) == (True, False)
    moved = flagged.corrected(replaced(BUDI, email="baru@x.example"))
    assert (moved.flagged, moved.reachable) == (False, True)


def test_a_correction_keeps_which_request_and_which_import_row_made_the_contact() -> None:
    imported = replaced(BUDI, mark="import/2")
    corrected = imported.corrected(Contact.of(region="61.12", agencies=["b"], name="Budi"))
    assert (corrected.created_by_body, corrected.mark, corrected.agencies) == ("digest", "import/2", ("b",))
