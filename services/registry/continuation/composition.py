"""Puts the parts of `continuation` together."""

from __future__ import annotations

from services.registry.continuation.commitment import Commitment
from services.registry.continuation.commitments import Commitments
from services.registry.continuation.continuing import Continuing
from services.registry.continuation.matching import PromiseMatching
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.mentors import Mentors
from services.registry.continuation.origins import Origins
from services.registry.continuation.overview import Overview
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.continuation.public_ideas.ideas import Ideas
from services.registry.continuation.public_ideas.quota import IdeaQuota
from services.registry.continuation.rules import ContinuationRules
from services.registry.continuation.watch import FollowUpWatch
from services.registry.innovation.access import InnovationAccess
from services.registry.kinds import COMMITMENT, CONTINUATION_RULES, IDEA, MENTOR
from shared.ports.store import Store
from shared.storage.repository import Repository


class ContinuationParts:
    """All parts, for the routes, the loop and the commands."""

    def __init__(self, store: Store, access: InnovationAccess) -> None:
        rules = Repository(store, CONTINUATION_RULES, ContinuationRules, "Daerah ini memakai aturan bawaan.")
        ideas = Repository(store, IDEA, Idea, "Gagasan ini tidak ditemukan.")
        commitments = Repository(store, COMMITMENT, Commitment, "Perjanjian inovasi ini tidak ditemukan.")
        mentors = Repository(store, MENTOR, Mentor, "Pendamping perangkat daerah ini belum disebut.")
        self.continuing = Continuing(access, rules)
        self.origins = Origins(access.agencies, access.innovations, ideas)
        self.overview = Overview(store, self.continuing, rules)
        self.ideas = Ideas(self.continuing, ideas, IdeaQuota(store))
        self.commitments = Commitments(access, commitments)
        self.promises = PromiseMatching(access, commitments)
        self.mentors = Mentors(access, mentors)
        self.watch = FollowUpWatch(store, self.continuing)
