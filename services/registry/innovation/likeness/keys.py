"""The keys by which alike innovations are found without reading all of them.

What is hashed (runs of three telling words, words of the name, telling words) belongs each to one of some slots. Of
those in a slot the one with the lowest weighted hash is the innovation's key there. Two innovations have the same key
in a slot about as often as what is hashed there is the same (minwise hashing), so that copies share many keys, and
others hardly one. A key is a hash: no word can be read from it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import lru_cache

from services.registry.innovation.likeness.content import Content, telling

SLOTS = 16

SLOT_NAMES = tuple(f"s{number:02}" for number in range(SLOTS))

_RUNS, _NAME_WORDS = 12, 4  # slots of copies
_PUBLIC_RUNS, _WORDS = 8, 8  # slots of public innovations

_SPAN = 2**48


def copy_keys(content: Content, scope: str) -> dict[str, str]:
    """Slot → key, for copies: by runs of words, and by the words of the name. scope: innovations of other scopes share
    no keys. Slots for which there is nothing are left out."""
    name = dict.fromkeys(telling(content.name) or content.folded_name.split(), 1)
    return {**_lowest(_runs(content), _RUNS, 0, scope), **_lowest(name, _NAME_WORDS, _RUNS, scope)}


def matter_keys(content: Content, scope: str) -> dict[str, str]:
    """Slot → key, for what is about the same: by runs of words, and by words, of which those of the name weigh most."""
    by_runs = _lowest(_runs(content), _PUBLIC_RUNS, 0, scope)
    return {**by_runs, **_lowest(content.weights, _WORDS, _PUBLIC_RUNS, scope)}


def name_key(content: Content, scope: str) -> str:
    """The key of the short name."""
    return _hashed(scope, f"={content.short_name}")


def _runs(content: Content) -> dict[str, int]:
    return {" ".join(run): 1 for run in content.runs}


def _lowest(weights: Mapping[str, int], slots: int, first: int, scope: str) -> dict[str, str]:
    """The keys of that many slots, from the slot `first` on."""
    best: dict[int, tuple[float, str]] = {}
    for text, weight in weights.items():
        number, rank = _place(text)
        ranked, slot = (rank / weight, text), first + number % slots
        if slot not in best or ranked < best[slot]:
            best[slot] = ranked
    return {SLOT_NAMES[slot]: _hashed(scope, text) for slot, (_, text) in best.items()}


@lru_cache(maxsize=20_000)
def _place(text: str) -> tuple[int, float]:
    """A number that decides the slot, and the rank: exponentially distributed, so that divided by a weight it is as if
    the text stood there so many times."""
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
    share = (number // 2**12 % _SPAN + 1) / (_SPAN + 1)
    return number % 2**12, -math.log(share)


def _hashed(scope: str, text: str) -> str:
    """16 hexadecimal digits."""
    return hashlib.blake2b(f"{scope}\n{text}".encode(), digest_size=8).hexdigest()
