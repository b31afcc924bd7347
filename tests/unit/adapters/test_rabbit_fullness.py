"""Whether a bounded queue on RabbitMQ may have dropped messages."""

from __future__ import annotations

from shared.adapters.rabbit.fullness import Fullness


def test_a_queue_is_full_a_little_before_its_bound() -> None:
    fullness = Fullness(100_000)

    assert not fullness.is_full(89_999)
    assert fullness.is_full(99_984)  # a consumer that has just begun already holds some


def test_a_queue_of_large_messages_is_full_by_their_size() -> None:
    fullness = Fullness(100_000)
    for _ in range(1000):
        fullness.took(50_000)

    assert not fullness.is_full(2_600)  # 130 MB
    assert fullness.is_full(2_700)


def test_the_latest_messages_count_most() -> None:
    fullness = Fullness(100_000)
    for size in (50_000, *[1_000] * 5_000):
        fullness.took(size)

    assert not fullness.is_full(80_000)
