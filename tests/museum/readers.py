"""How each kind of document is read, by service: what a sample of it must pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

from services.feed.endpoints.delivery import Delivery
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.progress import Progress
from services.feed.latest.mark import Mark as FeedMark
from services.portal.accounts.account import Account
from services.portal.accounts.invitation import Invitation
from services.portal.accounts.proofs.lock import Lock
from services.portal.accounts.repositories import TakenAddress
from services.portal.accounts.reset import Reset
from services.portal.accounts.session import Session
from services.portal.model.states.agency import agency_of
from services.portal.model.states.board import row_of
from services.portal.model.states.innovation import innovation_of
from services.portal.model.states.message import message_of
from services.portal.model.states.region import region_of
from services.portal.model.states.summary import summary_of
from services.portal.model.states.word import has_all
from services.portal.model.upkeep.mark import Mark as ModelMark
from services.registry.agencies.agency import Agency
from services.registry.agencies.names import HeldName
from services.registry.continuation.commitment import Commitment
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.continuation.public_ideas.quota import IdeaDay
from services.registry.continuation.rules import ContinuationRules
from services.registry.files.quota import UploadDay
from services.registry.imports.document import TableImport
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.index import Keys
from services.registry.regions.passed import PassedDeadline
from services.registry.regions.region import Region
from services.scoring.index.document import RegionIndex
from services.scoring.index.marks import Mark as RegionMark
from services.scoring.index.spd_document import Spd
from services.scoring.known import AGENCIES, REGIONS
from services.scoring.official.award import Award
from services.scoring.official.award_import import AwardImport
from services.scoring.official.results import OfficialResults
from services.scoring.ranking.freeze import Frozen
from services.scoring.ranking.store import Competition
from services.scoring.rescore.document import RescoreState
from services.scoring.scorecard.document import ScorecardDocument
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.ports.store import State
from shared.storage.audit.log import StoredEntry
from shared.storage.audit.seal import Seal
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.kinds import KnownList
from shared.tables.reports import ReportPage

Read: TypeAlias = Callable[[str, State], object]
"""Id and state as this release loads it → what is made of it. Raises for one that it cannot read."""

COMMON: Mapping[str, type[BaseModel]] = {
    "audit": StoredEntry,
    "audit_seal": Seal,
    "erasure": Erasure,
    "erasure_list": KnownList,
}
MODELS: Mapping[str, Mapping[str, type[BaseModel]]] = {
    "registry": {
        **COMMON,
        "region": Region,
        "agency": Agency,
        "agency_name": HeldName,
        "innovation": Innovation,
        "deadline": PassedDeadline,
        "upload_day": UploadDay,
        "import": TableImport,
        "import_report": ReportPage,
        "commitment": Commitment,
        "continuation_rules": ContinuationRules,
        "idea": Idea,
        "idea_day": IdeaDay,
        "mentor": Mentor,
        "likeness": Keys,
        "public_likeness": Keys,
    },
    "scoring": {
        **COMMON,
        "scorecard": ScorecardDocument,
        "competition": Competition,
        "freeze": Frozen,
        "spd": Spd,
        "region_index": RegionIndex,
        "region_mark": RegionMark,
        "rescore": RescoreState,
        "official": OfficialResults,
        "award": Award,
        "award_import": AwardImport,
    },
    "feed": {
        **COMMON,
        "feed_mark": FeedMark,
        "endpoint": Endpoint,
        "endpoint_progress": Progress,
        "delivery": Delivery,
    },
    "portal": {
        **COMMON,
        "model_mark": ModelMark,
        "account": Account,
        "account_address": TakenAddress,
        "invitation": Invitation,
        "session": Session,
        "password_reset": Reset,
        "sign_in_lock": Lock,
    },
}
"""Kinds that are a model: nothing of a sample may be lost by reading."""


def _event(_id: str, state: State) -> Event:
    return decode_event(state["body"].encode())[0]


def _innovation(id: str, state: State) -> object:
    found = innovation_of(id, state, "Dinas")
    assert found is not None
    return found


def _word(_id: str, state: State) -> bool:
    assert has_all(state, (state["word"],))
    return True


PLAIN: Mapping[str, Mapping[str, Read]] = {
    "registry": {"unreferenced_file": lambda _, state: float(state["since"])},
    "scoring": {
        "known_region": lambda _, state: REGIONS.copy_of(state).value,
        "known_agency": lambda _, state: AGENCIES.copy_of(state).value,
        "catalogue_digest": lambda _, state: bytes.fromhex(state["digest"]),
        "ranking_version": lambda _, state: {True: 1, False: 0}[state["read"]],
    },
    "feed": {"latest": _event},
    "portal": {
        "known_region": lambda _, state: region_of(state),
        "known_agency": lambda _, state: agency_of(state),
        "innovation": _innovation,
        "catalogue": _innovation,
        "word": _word,
        "board": lambda _, state: row_of(state),
        "summary": lambda _, state: summary_of(state),
        "message": lambda _, state: message_of(state),
    },
}
"""Kinds that are plain states, with what reads them."""


def is_part_of(small: object, large: object) -> bool:
    """Whether everything in `small` is in `large` too; lists as long as each other."""
    if isinstance(small, dict):
        return isinstance(large, dict) and all(key in large and is_part_of(small[key], large[key]) for key in small)
    if isinstance(small, list):
        return isinstance(large, list) and len(small) == len(large) and all(map(is_part_of, small, large))
    return json.dumps(small) == json.dumps(large)


def read(service: str, kind: str, id: str, state: State) -> Any:  # noqa: ANN401 - what each kind is
    """Read a sample. Fails when it cannot be read, or when something of it is lost."""
    model = MODELS[service].get(kind)
    if model is None:
        return PLAIN[service][kind](id, state)
    made = model.model_validate(state)
    after = made.to_state() if isinstance(made, RescoreState) else made.model_dump(mode="json")
    assert is_part_of(state, after)
    return made
