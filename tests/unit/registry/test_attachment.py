from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.evidence.attachment import MOST_NAME, plain_name
from services.registry.evidence.form import PDF


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("SK Tim.pdf", "SK Tim.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\budi\\SK.pdf", "SK.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("", "berkas.pdf"),
        ("...", "berkas.pdf"),
        ("/", "berkas.pdf"),
        ("laporan “akhir” é.pdf", "laporan “akhir” é.pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_control_characters(given_name: str, kept: str) -> None:
    assert plain_name(given_name, PDF) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = plain_name("x" * 500 + ".pdf", PDF)
    assert len(kept) == MOST_NAME
    assert kept.endswith(".pdf")


@given(st.text())
def test_any_name_becomes_printable(name: str) -> None:
    kept = plain_name(name, PDF)
    assert 1 <= len(kept) <= MOST_NAME
    assert kept.isprintable()
    assert "/" not in kept
    assert "\\" not in kept
