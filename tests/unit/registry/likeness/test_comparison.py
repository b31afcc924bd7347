"""How alike two innovations are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from services.registry.innovation.likeness.comparison import Comparison, Level
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.finder import WARNED
from services.registry.innovation.likeness.keys import SLOTS, copy_keys, matter_keys, name_key
from tests.support.likeness.proposals import content, copied, proposal

SEED, PAIRS = 7, 60

KeysOf = Callable[[Content, str], dict[str, str]]


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


@pytest.mark.parametrize("keys_of", [copy_keys, matter_keys])
def test_copies_share_more_keys_than_others_do(keys_of: KeysOf) -> None:
    random, copies, others = Random(SEED), 0, 0
    for number in range(20):
        original = proposal(random, number)
        keys = keys_of(content(original), "61.12").items()
        assert len(keys) <= SLOTS
        copies += len(keys & keys_of(content(copied(random, original)), "61.12").items())
        others += len(keys & keys_of(content(proposal(random, number + 1)), "61.12").items())

    assert copies >= 20 * 4
    assert others < copies / 2


def test_scopes_share_no_keys() -> None:
    one = content(proposal(Random(SEED), 0))

    for keys_of in (copy_keys, matter_keys):
        assert not set(keys_of(one, "61.12").values()) & set(keys_of(one, "61.71").values())
    assert name_key(one, "61.12") != name_key(one, "61.71")


def test_no_word_can_be_read_from_a_key() -> None:
    words = content(proposal(Random(SEED), 0)).weights
    for keys_of in (copy_keys, matter_keys):
        assert not set(keys_of(content(proposal(Random(SEED), 0)), "61.12").values()) & set(words)
