"""How often Python's garbage collector runs in a process of ours.

Documents are trees of plain values that reference counts free. The collector's default, a run after every 700 new
containers, spends a fifth of a write's processor time, and a tenth of a start's, on finding nothing.
"""

from __future__ import annotations

import gc

_YOUNG = 20_000  # new containers between two runs
_OLDER = 20  # runs until the next generation is looked at too


def collect_nothing() -> None:
    """While code is being loaded: nothing of it becomes garbage. `collect_seldom` ends this."""
    gc.disable()


def collect_seldom() -> None:
    """Once code is loaded: what exists now stays and is never looked at again; new containers seldom.

    Not collected first: that takes 65 ms of each start and finds 700 containers.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
    gc.enable()
