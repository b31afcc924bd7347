"""What notifications has heard of at a moment: the newest of each subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.support.year.facts import (
    AgencySaid,
    AlertPolicySaid,
    ContactErased,
    ContactSaid,
    Exempted,
    Fact,
    InnovationSaid,
    LinkFollowed,
    PassedSaid,
    RegionSaid,
    Scored,
)
from tests.support.year.person import Person


@dataclass
class Exemption:
    """in_force: the decree stands; lifts: how often one was lifted, and lifted_at: the last time."""

    in_force: bool = False
    lifts: int = 0
    lifted_at: datetime | None = None


@dataclass
class Known:
    """All that was heard so far. heard: everything heard of each innovation; turns: (innovation, turn) → the least
    sequence heard with that turn."""

    regions: dict[str, RegionSaid] = field(default_factory=dict)
    agencies: dict[str, AgencySaid] = field(default_factory=dict)
    innovations: dict[str, InnovationSaid] = field(default_factory=dict)
    heard: dict[str, list[InnovationSaid]] = field(default_factory=dict)
    turns: dict[tuple[str, int], int] = field(default_factory=dict)
    scores: dict[str, Scored] = field(default_factory=dict)
    passed: dict[tuple[str, int], PassedSaid] = field(default_factory=dict)
    exemptions: dict[tuple[str, int], Exemption] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    policies: dict[str, list[AlertPolicySaid]] = field(default_factory=dict)
    _of_duty: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def hear(self, fact: Fact) -> None:  # noqa: C901 - one branch per kind of fact
        """Keep the newer."""
        match fact:
            case RegionSaid():
                self.regions[fact.region] = fact
            case AgencySaid():
                self.agencies[fact.id] = fact
            case InnovationSaid():
                self._hear_innovation(fact)
            case Scored():
                known = self.scores.get(fact.innovation)
                if known is None or known.sequence < fact.sequence:
                    self.scores[fact.innovation] = fact
            case PassedSaid():
                known_answer = self.passed.get((fact.region, fact.year))
                if known_answer is None or known_answer.revision <= fact.revision:
                    self.passed[fact.region, fact.year] = fact
            case Exempted():
                self._hear_exemption(fact)
            case ContactSaid():
                known_person = self.people.get(fact.person)
                self.people[fact.person] = known_person.corrected(fact) if known_person else Person.first(fact)
            case ContactErased():
                self.people[fact.person].erased = True
            case LinkFollowed():
                self.people[fact.person].confirm(fact.channel, fact.at)
            case AlertPolicySaid():
                self.policies.setdefault(fact.region, []).append(fact)

    def of_agency(self, agency: str, year: int) -> list[InnovationSaid]:
        """The innovations that are, or ever were, assigned to this agency and year."""
        return [self.innovations[id] for id in sorted(self._of_duty.get((agency, year), ()))]

    def _hear_innovation(self, fact: InnovationSaid) -> None:
        self.heard.setdefault(fact.id, []).append(fact)
        turn = (fact.id, fact.turn)
        self.turns[turn] = min(self.turns.get(turn, fact.sequence), fact.sequence)
        for duty in ((fact.agency, fact.year), *fact.former):
            self._of_duty.setdefault(duty, set()).add(fact.id)
        known = self.innovations.get(fact.id)
        if known is None or known.sequence < fact.sequence:
            self.innovations[fact.id] = fact

    def _hear_exemption(self, fact: Exempted) -> None:
        exemption = self.exemptions.setdefault((fact.agency, fact.year), Exemption())
        if fact.lifted and exemption.in_force:
            exemption.lifts += 1
            exemption.lifted_at = fact.at
        exemption.in_force = not fact.lifted
