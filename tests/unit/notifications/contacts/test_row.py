from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.table.row import Row

ROW = Row(line=2, name="Budi", email="budi@x.example", phone="", agencies=("a",))


def applied(before: Contact | None, row: Row = ROW) -> Contact | None:
    return row.applied_to(before, region="61.12", mark=f"import/{row.line}", by="account-c")


def test_a_row_is_applied_once() -> None:
    made = applied(None)

    assert made is not None
    assert (made.name, made.agencies, made.mark, made.by) == ("Budi", ("a",), "import/2", "account-c")
    assert applied(made) is None


def test_a_person_who_was_erased_meanwhile_does_not_come_back() -> None:
    made = applied(None)

    assert made is not None
    assert applied(made.without_personal_data(), ROW.model_copy(update={"line": 3})) is None


def test_agencies_are_added_and_an_import_makes_nobody_another_person() -> None:
    before = Contact.of(region="61.12", agencies=["b"], name="Sari", email="budi@x.example", own=True)

    after = applied(before)

    assert after is not None
    assert (after.name, after.agencies, after.address_revision, after.own) == ("Budi", ("a", "b"), 1, True)
