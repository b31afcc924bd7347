"""How often the process looks for garbage that only its collector can find.

Documents are trees of plain values: reference counts free them, and the collector's default (a look after every 700 new
containers) spends a fifth of the processor time of a write on finding nothing.
"""

from __future__ import annotations

import gc

_YOUNG = 20_000  # new containers between two looks
_OLDER = 20  # looks until the next generation is looked at too


def collect_seldom() -> None:
    """For a process that has loaded its code: what is there now stays, and is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
