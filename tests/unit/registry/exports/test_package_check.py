from __future__ import annotations

from datetime import date

import pytest

from services.registry.evidence.attachment import Attachment, EvidenceFile, ProfileDocument
from services.registry.evidence.evidence import ROWS, Evidence
from services.registry.evidence.form import FORM, JPEG, MB, PDF
from services.registry.exports.package.check import check, digests
from services.registry.innovation.innovation import Innovation
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.files import StoredFile
from shared.storage.models import replaced
from tests.support.exports.package_samples import AT, described, verified

TODAY = date(2026, 6, 1)
_KINDS = {row: PDF if PDF in FORM.rows[row].accept else JPEG for row in ROWS}


def file_of(row: str, *, kind: str | None = None, size: int = 9, **letter: object) -> EvidenceFile:
    return described(StoredFile(f"{row}-{letter}", size, kind or _KINDS[row]), row, **letter)


def row_of(*files: EvidenceFile, level: int = 2) -> Evidence:
    return Evidence(level=level, files=files)


WHOLE = {row: row_of(file_of(row)) for row in ROWS}


def found(changed: dict[str, Evidence], *, gone: bool = False, **profile: object) -> list[tuple[str, str, str, str]]:
    """What the check says of an innovation whose other rows have no flaw."""
    return said(verified("a", "agency", WHOLE | changed, **profile), gone=gone)


def said(innovation: Innovation, *, gone: bool = False) -> list[tuple[str, str, str, str]]:
    files = [each for row in innovation.evidence.values() for each in row.files]
    stored = {
        each.digest: None if gone else StoredFile(each.digest, each.size, each.media_type)
        for each in (*files, *innovation.documents.values())
    }
    assert set(stored) == set(digests(innovation))
    return [(each.severity.value, each.code, each.row, each.file) for each in check(innovation, 2026, TODAY, stored)]


def test_a_whole_innovation_has_no_findings() -> None:
    assert found({}) == []


@pytest.mark.parametrize("row", FORM.mandatory)
def test_a_mandatory_row_without_proof_is_an_error(row: str) -> None:
    assert found({row: Evidence()}) == [("error", "mandatory-missing", row, "")]


def test_a_row_without_proof_that_is_not_mandatory_is_a_hint() -> None:
    assert found({"26": Evidence(level=3)}) == [("hint", "not-proved", "26", "")]


@pytest.mark.parametrize(
    ("row", "dated", "code"),
    [
        ("22", "2023-12-31", "older-than-window"),
        ("22", "2024-01-01", None),
        ("24", "2024-12-31", "older-than-window"),
        ("21", "2023-06-01", None),  # the RKPD of 2024, signed in the year before
        ("21", "2022-06-01", "older-than-window"),
        ("26", "2011-01-01", None),  # the form names no years
    ],
)
def test_evidence_older_than_the_window_of_its_row_is_an_error(row: str, dated: str, code: str | None) -> None:
    expected = [("error", code, row, f"{row}-02")] if code else []
    assert found({row: row_of(file_of(row), file_of(row, dated=dated))}) == expected


@pytest.mark.parametrize(
    ("level", "dated", "code"),
    [
        (1, "2024-12-01", "older-than-window"),  # applied on 5 May 2025
        (1, "2025-12-01", None),
        (2, "2011-12-01", None),
        (3, "2026-01-02", "newer-than-window"),
    ],
)
def test_an_sk_is_of_the_year_of_application_and_a_regulation_of_before_the_round(
    level: int, dated: str, code: str | None
) -> None:
    expected = [("error", code, "16", "16-01")] if code else []
    assert found({"16": row_of(file_of("16", dated=dated), level=level)}) == expected


def test_a_letter_of_the_row_without_a_file_is_looked_at_too() -> None:
    old = Evidence(level=2, links=("https://bukti.example/22",), dated=date(2020, 1, 2))
    assert found({"22": old}) == [("error", "older-than-window", "22", "")]


def test_a_file_of_the_wrong_kind_is_an_error() -> None:
    assert found({"17": row_of(file_of("17", kind=JPEG))}) == [("error", "wrong-kind", "17", "17-01")]


def test_a_file_that_is_too_large_is_an_error() -> None:
    assert found({"17": row_of(file_of("17", size=10 * MB))}) == []
    assert found({"17": row_of(file_of("17", size=10 * MB + 1))}) == [("error", "too-large", "17", "17-01")]


def test_files_that_are_gone_are_errors() -> None:
    assert found({}, gone=True) == [("error", "file-missing", row, f"{row}-01") for row in ROWS]


def test_a_letter_without_number_date_or_subject_is_a_hint() -> None:
    bare = file_of("26", number=None, dated=None)
    assert found({"26": row_of(bare)}) == [("hint", "letter-incomplete", "26", "26-01")]


def test_a_flaw_of_the_profile_is_an_error() -> None:
    assert found({}, design="Terlalu pendek.") == [("error", "design-too-few-words", "", "")]


def test_an_innovation_that_is_not_applied_yet_is_a_hint() -> None:
    assert found({}, stage="uji_coba") == [("hint", "not-applied", "", "")]


def test_a_letter_of_tomorrow_is_an_error() -> None:
    assert found({"26": row_of(file_of("26", dated="2026-06-02"))}) == [("error", "future", "26", "")]


def test_the_documents_of_the_profile_are_checked_by_their_own_limits() -> None:
    large = Attachment(digest="budget", size=3 * MB, media_type=PDF, name="anggaran.pdf", added_at=AT)
    award = replaced(large, digest="award", size=9)
    documents = {ProfileDocument.BUDGET: large, ProfileDocument.AWARD: award}
    assert said(replaced(verified("a", "agency", WHOLE), documents=documents)) == [
        ("error", "too-large", "", "Anggaran"),
        ("hint", "certificate-without-number", "", ""),
    ]


def test_what_is_not_verified_is_said() -> None:
    submitted = replaced(verified("a", "agency", WHOLE), status=InnovationStatus.SUBMITTED)
    assert said(submitted) == [("hint", "not-verified", "", "")]
