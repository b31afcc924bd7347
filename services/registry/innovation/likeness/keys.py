"""The keys by which alike innovations are found without reading all of them.

Each telling word belongs to one of SLOTS slots. Of the words in a slot the one with the lowest weighted hash is the
innovation's key there. Two innovations have the same key in a slot about as often as the words in it are the same
(minwise hashing), so that alike ones share several keys, and others seldom one. A key is a hash: no word can be read
from it.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

from services.registry.innovation.likeness.content import Content

SLOTS = 16

SLOT_NAMES = tuple(f"s{number:02}" for number in range(SLOTS))

_SPAN = 2**48


def keys_of(content: Content, scope: str) -> dict[str, str]:
    """Slot → key. scope: innovations of other scopes share no keys. Slots without a word are left out."""
    best: dict[int, tuple[float, str]] = {}
    for word, weight in content.weights.items():
        slot, rank = _place(word)
        ranked = (rank / weight, word)
        if slot not in best or ranked < best[slot]:
            best[slot] = ranked
    return {SLOT_NAMES[slot]: hashed(scope, word) for slot, (_, word) in best.items()}


def name_key(content: Content, scope: str) -> str:
    """The key of the short name."""
    return hashed(scope, f"={content.short_name}")


def hashed(scope: str, text: str) -> str:
    """A key of 16 hexadecimal digits."""
    return hashlib.blake2b(f"{scope}\n{text}".encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=20_000)
def _place(word: str) -> tuple[int, float]:
    """The word's slot, and its rank: exponentially distributed, so that divided by a weight it is as if the word stood
    there so many times."""
    number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
    share = (number // SLOTS % _SPAN + 1) / (_SPAN + 1)
    return number % SLOTS, -math.log(share)
