"""What a message stores only so that indexes find it by its reasons and its channels. Pure.

Indexes cannot look into lists. The `what`s of a message's reasons are in SLOTS fields, so that a search is a few
ordered queries; the last field of a message with more of them is MANY. The channels of its attempts are in one text.
"""

from __future__ import annotations

from collections.abc import Iterable

SLOTS = ("what_1", "what_2")
MANY = "+"
JOINED = "+"


def whats_of(whats: Iterable[str]) -> dict[str, str]:
    """The slots of a message with these `what`s: each once, in their order; empty ones are empty."""
    found = sorted(set(whats))
    slots = dict.fromkeys(SLOTS, "") | dict(zip(SLOTS, found, strict=False))
    return slots | {SLOTS[-1]: MANY} if len(found) > len(SLOTS) else slots


def through_of(channels: Iterable[str]) -> str:
    """The channels, each once and in their order."""
    return JOINED.join(sorted(set(channels)))


def with_channel(through: str, channel: str) -> str:
    """`through` with one more channel."""
    return through_of([*filter(None, through.split(JOINED)), channel])


def through_with(channel: str, others: Iterable[str]) -> list[str]:
    """Every text of a message that went through `channel`, and perhaps through some of the others."""
    texts = [channel]
    for other in others:
        texts += [with_channel(text, other) for text in texts]
    return sorted(set(texts))
