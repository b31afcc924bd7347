from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts import notices
from services.notifications.contacts.role import ContactRole
from services.notifications.contacts.table import cells
from services.notifications.contacts.table.lines import AMBIGUOUS
from services.notifications.contacts.table.reader import read_table
from shared.faults import Invalid
from tests.support.notifications_service import agency_id

AGENCIES = {"dinas kesehatan": "a-1", "dinas sosial": "a-2", "puskesmas": AMBIGUOUS}


def flaws_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        read_table(text.encode(), AGENCIES)
    return [(flaw.field, flaw.code) for flaw in refusal.value.flaws]


def read_or_refused(body: bytes) -> int:
    """How many rows or flaws there are."""
    try:
        return len(read_table(body, AGENCIES))
    except Invalid as refusal:
        return len(refusal.flaws)


def test_a_table_is_read_with_any_column_order_separator_and_byte_order_mark() -> None:
    text = "\ufeffperangkat_daerah;NAMA;email\r\nDinas Kesehatan|Dinas Sosial; Budi  S ;Budi@Dinkes.EXAMPLE\r\n;;\r\n"
    (row,) = read_table(text.encode(), AGENCIES)
    assert (row.line, row.name, row.email, row.phone, row.agencies) == (
        2,
        "Budi S",
        "Budi@dinkes.example",
        "",
        ("a-1", "a-2"),
    )


def test_the_id_of_an_agency_that_is_not_known_yet_is_accepted() -> None:
    id = agency_id("Dinas Baru")
    (row,) = read_table(f"agency,name,email,phone\n{id},Budi,,0812-3456-7890\n".encode(), {})
    assert (row.agencies, row.phone) == ((id,), "+6281234567890")


HEAD = "nama,email,telepon,perangkat_daerah\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("," * 60, ("line.1", "width")),
        (HEAD + "\n" * 20_001, ("body", "too-long")),
        (HEAD + "\r" * 20_001, ("body", "too-long")),
        (f"{HEAD}Budi,,,{'Dinas Sosial|' * 200}", ("line.2.perangkat_daerah", "too-many")),
        (f"{HEAD}Budi,{'b' * 300}@x.example,,Dinas Sosial", ("line.2.email", "malformed")),
        (f"{HEAD}Budi,,{'0' * 300},Dinas Sosial", ("line.2.telepon", "malformed")),
        (f"{HEAD}Bu\u200bdi,,,Dinas Sosial", ("line.2.nama", "malformed")),
        (f"{HEAD}Bu\u3164di,,,Dinas Sosial", ("line.2.nama", "malformed")),
    ],
    ids=range(8),
)
def test_lines_columns_and_cells_are_bounded(text: str, expected: tuple[str, str]) -> None:
    assert flaws_of(text) == [expected]


def test_the_flaws_of_a_long_table_are_counted_after_the_first_hundred() -> None:
    with pytest.raises(Invalid) as refusal:
        read_table((HEAD + ",,,\n" + ",x,y,z\n" * 500).encode(), AGENCIES)

    assert (len(refusal.value.flaws), refusal.value.more) == (100, 1900)


def test_a_name_that_two_agencies_share_is_refused() -> None:
    assert flaws_of("nama,perangkat_daerah\nBudi,Puskesmas\n") == [("line.2.perangkat_daerah", "ambiguous")]


def test_one_person_may_have_a_line_for_each_agency() -> None:
    text = "nama,email,perangkat_daerah\nBudi,b@x.example,Dinas Kesehatan\nBudi,B@x.example,Dinas Sosial\n"
    (row,) = read_table(text.replace("B@", "b@").encode(), AGENCIES)
    assert row.agencies == ("a-1", "a-2")


def test_all_flaws_are_reported_at_once_with_line_and_column() -> None:
    text = (
        "nama,email,telepon,perangkat_daerah\n"
        ",bukan-surel,021-555,Dinas Hilang\n"
        "Budi,b@x.example,,Dinas Kesehatan\n"
        "Sari,b@x.example,,\n"
        "Tono,t@x.example,,Dinas Sosial,lebih\n"
        "Wati,b@x.example,,Dinas Sosial\n"
    )
    assert flaws_of(text) == [
        ("line.2.nama", "missing"),
        ("line.2.email", "malformed"),
        ("line.2.telepon", "malformed"),
        ("line.2.perangkat_daerah", "unknown"),
        ("line.4.perangkat_daerah", "missing"),
        ("line.5", "width"),
        ("line.6.email", "duplicate"),
    ]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", ("line.1", "missing-column")),
        ("nama,perangkat_daerah\n", ("body", "empty")),
        ("nama,perangkat_daerah,gaji\n", ("line.1", "unknown-column")),
        ("nama,name,perangkat_daerah\n", ("line.1", "column-twice")),
        ('nama,perangkat_daerah\n"Budi,Dinas Sosial\n', ("line.2", "malformed")),
    ],
)
def test_an_invalid_table_is_refused(text: str, flaw: tuple[str, str]) -> None:
    assert flaw in flaws_of(text)


def test_bytes_other_than_utf_8_are_refused() -> None:
    with pytest.raises(Invalid):
        read_table("nama,perangkat_daerah\nJosé,x\n".encode("latin-1"), AGENCIES)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert read_or_refused(body)


@given(st.text(max_size=120))
def test_any_table_text_is_read_or_refused(text: str) -> None:
    assert read_or_refused(f"nama,email,telepon,perangkat_daerah\n{text}".encode("utf-8", "replace"))


def test_an_old_table_says_nothing_about_what_it_does_not_have() -> None:
    (row,) = read_table(b"nama,perangkat_daerah\nBudi,Dinas Sosial\n", AGENCIES)

    assert (row.role, row.preferred, row.valid_from, row.valid_to, row.consent_whatsapp) == (None,) * 5


def test_a_person_without_an_address_for_mail_is_recognised_by_the_number() -> None:
    text = HEAD + "Budi,,0812-3456-7890,Dinas Kesehatan\nBudi,,+6281234567890,Dinas Sosial\n"
    (row,) = read_table(text.encode(), AGENCIES)
    assert row.agencies == ("a-1", "a-2")

    assert flaws_of(text.replace("Budi,,+", "Sari,,+")) == [("line.3.telepon", "duplicate")]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("petugas", ContactRole.OFFICER),
        ("Kepala", ContactRole.HEAD),
        ("KURATOR", ContactRole.CURATOR),
        ("sekda", ContactRole.EXECUTIVE),
        ("executive", ContactRole.EXECUTIVE),
    ],
)
def test_a_role_is_read_in_both_languages(text: str, role: ContactRole) -> None:
    assert cells.role(text) is role


@pytest.mark.parametrize("text", ["2026-12-31", "31/12/2026", "31-12-2026", "31.12.2026"])
def test_a_day_is_read_as_it_is_written_here(text: str) -> None:
    assert cells.day(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["12/31/2026", "31/12/26", "2026-2-1", "٣١/١٢/٢٠٢٦", "besok", "0000-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tanggal"):
        cells.day(text)


def test_consent_is_to_the_text_in_force() -> None:
    assert cells.consent("Ya") == notices.current(notices.WHATSAPP)
    assert cells.consent("tidak") == ""
    assert cells.consent("2026-12") == "2026-12"
    with pytest.raises(ValueError, match="ya atau tidak"):
        cells.consent("2025-01")


@given(st.text(max_size=40))
def test_any_cell_is_read_or_refused(text: str) -> None:
    for read in (cells.role, cells.channel, cells.day, cells.consent):
        with suppress(ValueError):
            read(text)
