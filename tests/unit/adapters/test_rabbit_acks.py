"""Which frames ack which deliveries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.rabbit.acks import AckFrames


class BrokerChannel:
    """What a broker keeps of one channel: the deliveries without an ack."""

    def __init__(self, deliveries: int) -> None:
        self.unacked = set(range(1, deliveries + 1))

    def ack(self, tag: int, *, multiple: bool) -> None:
        assert tag in self.unacked, "the broker closes the channel: unknown delivery tag"
        self.unacked -= {each for each in self.unacked if each <= tag} if multiple else {tag}


@given(st.permutations(range(1, 13)), st.lists(st.integers(1, 6)), st.integers(0, 12))
def test_exactly_the_given_deliveries_are_acked(order: list[int], sizes: list[int], acked: int) -> None:
    channel, frames, left = BrokerChannel(len(order)), AckFrames(), order[:acked]
    for size in [*sizes, *[1] * acked]:
        batch, left = left[:size], left[size:]
        before = set(channel.unacked)
        for frame in frames.frames(batch):
            channel.ack(frame.delivery_tag, multiple=frame.multiple)
        assert before - channel.unacked == set(batch)


def test_a_row_of_deliveries_takes_one_frame() -> None:
    frames = AckFrames()
    assert [(each.delivery_tag, each.multiple) for each in frames.frames([2, 3])] == [(2, False), (3, False)]
    assert [(each.delivery_tag, each.multiple) for each in frames.frames([1])] == [(1, False)]
    assert [(each.delivery_tag, each.multiple) for each in frames.frames([5, 4, 6, 8])] == [(6, True), (8, False)]
