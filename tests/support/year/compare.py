"""Compares what was handed over with what must have been: nothing missing, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, timedelta

from tests.support.year.mail import Handed

STEP = timedelta(minutes=20)  # both look again every quarter of an hour at the latest
WAITED = timedelta(hours=3)  # of what waited for a provider, which is tried again ever more rarely

Key = tuple[object, ...]


def differences(expected: Iterable[Handed], actual: Iterable[Handed]) -> list[str]:
    """One line for each hand-over that is missing, is too much, or came at another time. Of a message that waited for a
    provider, the second copy is left out: whether there is one depends on the moment of the first. So does the channel
    of the first: where both are busy, it is the one that is tried first when both are not any more. If one of the
    two reports an unknown recipient afterwards, the other follows, so what bounced is left out too."""
    expected = list(expected)
    waited = {(each.person, each.revision, each.reason) for each in expected if each.waited}
    wanted, found = _by_key(expected, waited), _by_key(actual, waited)
    lines: list[tuple[str, str]] = []
    for key in wanted.keys() | found.keys():
        if _is_second_copy(key) and key[:3] in waited:
            continue
        mine, theirs = wanted[key], found[key]
        pairs = min(len(mine), len(theirs))
        lines += [(_when(each), f"missing  {_line(each)}") for each in mine[pairs:]]
        lines += [(_when(each), f"too much {_line(each)}") for each in theirs[pairs:]]
        for one, other in zip(mine, theirs, strict=False):
            if abs(one.at - other.at) > (WAITED if one.waited else STEP):
                lines.append((_when(one), f"moved    {_line(one)} -> {other.at.astimezone(UTC):%Y-%m-%d %H:%M}"))
    return [line for _, line in sorted(lines)]


def _by_key(handed: Iterable[Handed], waited: Collection[Key]) -> defaultdict[Key, list[Handed]]:
    found: defaultdict[Key, list[Handed]] = defaultdict(list)
    for each in sorted(handed, key=lambda each: each.at):
        told = (each.person, each.revision, each.reason)
        if told in waited and each.bounced:
            continue
        channel = "" if told in waited and not each.refused else each.channel
        found[*told, channel, each.refused, each.fallback].append(each)
    return found


def _is_second_copy(key: Key) -> bool:
    return key[-1] is True


def _when(each: Handed) -> str:
    return each.at.astimezone(UTC).isoformat()


def _line(each: Handed) -> str:
    marks = "".join(f" {name}" for name in ("fallback", "refused", "waited") if getattr(each, name))
    at = each.at.astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M} UTC {each.person} r{each.revision} {each.channel} {each.reason}{marks}"
