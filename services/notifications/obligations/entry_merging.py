"""Merges what events say about one entry, in any order and any number of times. Pure."""

from __future__ import annotations

from services.notifications.obligations.entry import Entry, Left, Score, Tell
from services.notifications.state import replaced
from shared.contracts.vocabulary import InnovationStatus

_MOST_LEFT = 8  # turns elsewhere that are kept; the first is needed, the others only when an event comes late
_TELLS = {InnovationStatus.RETURNED: Tell.RETURNED, InnovationStatus.VERIFIED: Tell.VERIFIED}


def merged(before: Entry | None, new: Entry) -> Entry | None:
    """The newer of the two, with what both say about turns; None when that is what `before` is already."""
    if before is None:
        return _telling(new, None)
    if before.sequence == 0:
        known = replaced(new, mandatory_filled=before.mandatory_filled, score=before.score).indexed()
        return _with_its_score(_telling(known, None))
    newer, older = (new, before) if new.sequence > before.sequence else (before, new)
    turned = _turned(newer, older)
    kept = replaced(
        turned,
        mandatory_filled=before.mandatory_filled,
        scored_turn=before.scored_turn,
        score=before.score,
        tell=before.tell if turned.here and turned.turn == before.turn else "",
    )
    after = _with_its_score(_telling(_since(kept, before).indexed(), before))
    return None if after == before else after


def scored(
    entry: Entry, innovation_sequence: int, missing_mandatory: int | None, *, made_here: bool = True
) -> Entry | None:
    """The entry with its innovation's scorecard, which was made from the event with that sequence; None when nothing
    changes. The score of a turn is told once, as soon as the card is made from the event that began the turn or a later
    one. made_here: the card says that the innovation is here; one that was moved meanwhile is told there."""
    filled = None if missing_mandatory is None else missing_mandatory == 0
    known = entry if filled in (None, entry.mandatory_filled) else replaced(entry, mandatory_filled=filled)
    if filled is not None and filled != bool(entry.mandatory_filled):
        known = known.indexed()
    reached = made_here and innovation_sequence >= known.turn_sequence and known.scored_turn < known.turn
    if reached and known.index.live and _may_tell(known):
        known = replaced(known, scored_turn=known.turn, tell=" ".join([*known.tell.split(), Tell.SCORED]))
    return None if known == entry else known


def with_score(entry: Entry, score: Score, missing_mandatory: int) -> Entry | None:
    """The entry with the score of a scorecard that was made while the innovation was here; None when it has that one or
    a newer one."""
    if entry.score is not None and entry.score.sequence >= score.sequence:
        return None
    known = replaced(entry, score=score)
    return scored(known, score.innovation_sequence, missing_mandatory) or known


def _with_its_score(entry: Entry) -> Entry:
    """With what its score, which may have come before the turn that it is of, makes due."""
    score = entry.score
    return entry if score is None else scored(entry, score.innovation_sequence, None) or entry


def _turned(newer: Entry, older: Entry) -> Entry:
    """The newer one with its turn's least sequence; or, of an innovation that is assigned elsewhere, with the turn at
    which it left: the least one elsewhere that follows the last one here."""
    stayed = max(newer.stayed, older.stayed)
    by_turn: dict[int, Left] = {}
    for each in (*newer.left, *older.left):
        known = by_turn.get(each.turn)
        if each.turn > stayed and (known is None or each.sequence < known.sequence):
            by_turn[each.turn] = each
    left = tuple(by_turn[turn] for turn in sorted(by_turn)[:_MOST_LEFT])
    if left and not newer.here:
        began = left[0]
        return replaced(
            newer, stayed=stayed, left=left, turn=began.turn, turn_sequence=began.sequence, status_since=began.since
        )
    same = older.here == newer.here and older.turn == newer.turn
    sequence = min(newer.turn_sequence, older.turn_sequence) if same else newer.turn_sequence
    return replaced(newer, stayed=stayed, left=left, turn_sequence=sequence)


def _since(entry: Entry, before: Entry) -> Entry:
    """The entry; of a verification that was under way when turns began to be counted, without since when, so that
    nothing is told of it however recent it is."""
    uncounted = before.turn == 0 or (before.turn == entry.turn and before.status_since is None)
    same = before.here and entry.here and before.status is entry.status is InnovationStatus.VERIFIED
    return replaced(entry, status_since=None) if uncounted and same else entry


def _telling(entry: Entry, before: Entry | None) -> Entry:
    """The entry with what the beginning of a turn makes due. A turn that was under way when turns began to be counted
    is not told."""
    what = _TELLS.get(entry.status)
    if what is None or not entry.here or not _may_tell(entry):
        return entry
    if before and (before.turn >= entry.turn or (before.turn == 0 and before.here and before.status is entry.status)):
        return entry
    return replaced(entry, tell=what.value)


def _may_tell(entry: Entry) -> bool:
    """Nothing is told of what was brought in from a former system, nor of a turn that is not known."""
    return entry.turn > 0 and not entry.imported
