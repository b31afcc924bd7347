"""How alike two innovations are."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from services.registry.innovation.likeness.comparison import Comparison, Level
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.finder import WARNED
from services.registry.innovation.likeness.keys import SLOTS, keys_of, name_key
from tests.support.likeness.proposals import content, copied, proposal

SEED, PAIRS = 7, 60


def test_edited_copies_are_warned_of_and_others_are_not() -> None:
    print("seed", SEED)
    random, counts = Random(SEED), Counter[str]()
    for number in range(PAIRS):
        original = proposal(random, number)
        for kind, other in (
            ("copy", copied(random, original)),
            ("same matter", proposal(random, number)),
            ("other matter", proposal(random, number + 1 + random.randrange(11))),
        ):
            counts[kind] += Comparison.of(content(original), content(other)).level in WARNED

    assert counts["copy"] >= 0.95 * PAIRS
    assert counts["same matter"] + counts["other matter"] <= 0.05 * 2 * PAIRS


def test_the_shared_words_are_quoted_as_each_has_written_them() -> None:
    text = "Petugas perahu mencatat berat balita pada setiap dermaga dan mengirim catatan itu ke puskesmas sore hari."
    here = Content("Perahu Sehat", (("design", f"Awal yang lain. {text}"),))
    there = Content("Kapal Sehat", (("purpose", text.upper()),))

    (passage,) = Comparison.of(here, there).passages

    assert (passage.words, passage.here_field, passage.there_field) == (16, "design", "purpose")
    assert passage.here == text.rstrip(".")
    assert passage.there == text.upper().rstrip(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SPIRIT (Sistem Pemantauan Inovasi Terpadu)", "Spirit"),
        ("SPIRIT - Sistem Pemantauan", "Spirit 2027"),
        ("Halobupwabup", "HALOBUPWABUP"),
        ("Sékolah Sungai", "Sekolah Sungai 2026"),
    ],
)
def test_one_short_name_is_enough_for_a_warning(one: str, other: str) -> None:
    found = Comparison.of(Content(one), Content(other))

    assert found.same_short_name
    assert found.level is Level.CLOSE


def test_two_without_words_are_not_alike() -> None:
    assert Comparison.of(Content(""), Content("")).level is None
    assert Comparison.of(Content("2026"), Content("2027")).level is None


def test_likeness_is_the_same_from_both_sides() -> None:
    random = Random(SEED)
    for number in range(20):
        one = proposal(random, number)
        other = copied(random, one) if number % 2 else proposal(random, number)
        here, there = (
            Comparison.of(*pair) for pair in ((content(one), content(other)), (content(other), content(one)))
        )
        assert (here.level, here.names, here.texts, here.words) == (there.level, there.names, there.texts, there.words)


def test_alike_ones_share_keys_and_scopes_share_none() -> None:
    random = Random(SEED)
    original = proposal(random, 0)
    one, copy, other = content(original), content(copied(random, original)), content(proposal(random, 1))

    def shared(here: Content, there: Content, scope: str = "61.12") -> int:
        return len(keys_of(here, "61.12").items() & keys_of(there, scope).items())

    assert shared(one, one) == len(keys_of(one, "61.12")) <= SLOTS
    assert shared(one, copy) >= 6
    assert shared(one, other) < shared(one, copy)
    assert shared(one, one, "61.71") == 0
    assert name_key(one, "61.12") != name_key(one, "61.71")


def test_no_word_can_be_read_from_a_key() -> None:
    words = content(proposal(Random(SEED), 0)).weights
    assert not set(keys_of(Content("Posyandu", ()), "61.12").values()) & set(words)
