"""An innovation as the registry answers it to its region's curator."""

from __future__ import annotations

from datetime import date

from services.portal.answered.answered import Answered
from services.portal.answered.innovation import InnovationBase


class Profile(Answered):
    """The proposal, as far as these pages show it."""

    name: str | None = None
    stage: str | None = None
    initiator: str | None = None
    initiator_name: str | None = None
    classification: str | None = None
    nature: str | None = None
    form: str | None = None
    main_affair: str | None = None
    related_affairs: tuple[str, ...] = ()
    trial_on: date | None = None
    applied_on: date | None = None
    developed_on: date | None = None
    design: str | None = None
    purpose: str | None = None
    benefit: str | None = None
    outcome: str | None = None


class Redaction(Answered):
    """A file that was taken out."""

    digest: str


class Innovation(InnovationBase):
    """The whole innovation, for its region."""

    profile: Profile
    redactions: tuple[Redaction, ...] = ()

    @property
    def redacted(self) -> frozenset[str]:
        """The digests of the files that were taken out."""
        return frozenset(each.digest for each in self.redactions)
