"""Names are found in texts however they are written, by themselves and by their fingerprints."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.erasures.entry import NAME, Erasure
from shared.storage.erasures.names import NameFinder, fingerprint, words_of

KEY = bytes(range(32))


def erasure(name: str) -> Erasure:
    words = words_of(name)
    at = datetime(2026, 11, 30, tzinfo=UTC)
    return Erasure(service="registry", kind=NAME, id=fingerprint(words, KEY), words=len(words), at=at)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Siti Ma'ruf", "•••"),
        ("dr. SITI  maruf, M.Kes", "dr. •••, M.Kes"),
        ("Atas usul Siti Ma’ruf dan Budi.", "Atas usul ••• dan Budi."),
        ("SK_Siti-Ma'ruf_2026.pdf", "SK_•••_2026.pdf"),
        ("Siti Marufah", "Siti Marufah"),
        ("Siti dan Ma'ruf", "Siti dan Ma'ruf"),
        ("", ""),
    ],
)
def test_a_name_is_hidden_however_it_is_written(text: str, hidden: str) -> None:
    for finder in (NameFinder.of_name("Siti Ma'ruf"), NameFinder.of_erasures([erasure("siti ma'ruf")], KEY)):
        assert finder.replaced(text) == hidden


def test_several_fingerprints_are_found_in_one_pass() -> None:
    names = ("Siti", "Budi", "Siti Aminah", "Ayu")

    for finder in (NameFinder.of_names(names), NameFinder.of_erasures(map(erasure, names), KEY)):
        assert finder.replaced("Budi, Siti Aminah, Aminah, Ayu, Wayan, Siti") == "•••, •••, Aminah, •••, Wayan, •••"


def test_another_key_finds_nothing() -> None:
    assert NameFinder.of_erasures([erasure("Siti Aminah")], b"another").spans("Siti Aminah") == []


def test_a_text_without_a_word_is_no_name() -> None:
    with pytest.raises(ValueError, match="one word"):
        NameFinder.of_name(" 123 … ")


@given(st.text(max_size=60), st.sampled_from(["A", "Budi", "Siti Aminah"]), st.text(max_size=60))
def test_a_hidden_text_is_never_longer_and_names_the_person_no_more(before: str, name: str, after: str) -> None:
    finder, text = NameFinder.of_name(name), f"{before} {name} {after}"

    hidden = finder.replaced(text)

    assert len(hidden) <= len(text)
    assert finder.spans(hidden) == []
    assert finder.spans(text)
