"""What of each audited kind the log shows: every field is looked at once more when it is added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.kinds import ENDPOINT
from services.feed.endpoints.kinds import KINDS as ENDPOINT_KINDS
from services.notifications import kinds as notifications
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.contact_import import ContactImport
from services.notifications.contacts.imports.document import ContactTable
from services.notifications.messages.office import OfficeDocument
from services.notifications.obligations.exemption import Exemption
from services.notifications.reminders.asked.request import ReminderRequest
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.policy.alert_policy import AlertPolicies
from services.notifications.reminders.restore_hold import RestoreHold
from services.portal.accounts.account import Account
from services.portal.accounts.invitation import Invitation
from services.portal.accounts.kinds import ACCOUNT, INVITATION
from services.portal.kinds import KINDS as PORTAL_KINDS
from services.registry import kinds as registry
from services.registry.agencies.agency import Agency
from services.registry.continuation.commitment import Commitment
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.continuation.rules import ContinuationRules
from services.registry.imports.document import TableImport
from services.registry.innovation.innovation import Innovation
from services.registry.regions.region import Region
from services.scoring import kinds as scoring
from services.scoring.index.spd_document import Spd
from services.scoring.official.award import Award
from services.scoring.official.results import OfficialResults
from services.scoring.ranking.freeze import Frozen
from services.scoring.ranking.store import Competition
from services.scoring.rescore.document import RescoreState
from shared.ports.audit import AUDIT_NAMES
from shared.ports.audit_rule import ANY, AuditRule
from shared.ports.store import ID, Kind
from tests.support.audit.model_paths import paths

MODELS: dict[str, tuple[Kind, type[BaseModel]]] = {
    kind.name: (kind, model)
    for kind, model in (
        (registry.REGION, Region),
        (registry.AGENCY, Agency),
        (registry.INNOVATION, Innovation),
        (registry.COMMITMENT, Commitment),
        (registry.CONTINUATION_RULES, ContinuationRules),
        (registry.IDEA, Idea),
        (registry.MENTOR, Mentor),
        (registry.IMPORT, TableImport),
        (scoring.COMPETITION, Competition),
        (scoring.FREEZE, Frozen),
        (scoring.SPD, Spd),
        (scoring.OFFICIAL, OfficialResults),
        (scoring.AWARD, Award),
        (scoring.RESCORE, RescoreState),
        (notifications.CONTACT, Contact),
        (notifications.CONTACT_IMPORT, ContactImport),
        (notifications.CONTACT_TABLE, ContactTable),
        (notifications.EXEMPTION, Exemption),
        (notifications.ALERT_POLICY, AlertPolicies),
        (notifications.ALERTING, AlertingMode),
        (notifications.HOLD, RestoreHold),
        (notifications.REMINDER_REQUEST, ReminderRequest),
        (notifications.OFFICE, OfficeDocument),
        (ENDPOINT, Endpoint),
        (ACCOUNT, Account),
        (INVITATION, Invitation),
    )
}


def rule_of(kind: Kind) -> AuditRule:
    assert kind.audit is not None
    return kind.audit


def fields(name: str) -> Iterator[tuple[str, Any, bool]]:
    """Path, type and whether it is shown, of each field that is not left out."""
    kind, model = MODELS[name]
    rule = rule_of(kind)
    for path, type_ in paths(model):
        first = path.partition(".")[0]
        if first not in rule.left_out:
            yield path, type_, _is_shown(rule, path)


def _is_shown(rule: AuditRule, path: str) -> bool:
    place: Any = rule.tree
    for part in path.split("."):
        if place is True:
            return True
        place = place.get(part, place.get(ANY)) if place else None
    return place is True


def texts(name: str) -> set[str]:
    """The shown fields that hold any text."""
    return {path for path, type_, shown in fields(name) if shown and type_ is str}


def hidden(name: str) -> set[str]:
    """The fields that are only named."""
    return {path for path, _, shown in fields(name) if not shown}


TEXTS: dict[str, str] = {
    "region": ("catalogue code deadlines.*.basis deadlines.*.by name policies.*.by policies.*.decree"),
    "agency": "id name parent region successor",
    "innovation": (
        "agency assignments.*.agency continuation.follow_ups.*.by continuation.follow_ups.*.files.*.digest "
        "continuation.follow_ups.*.files.*.media_type continuation.moves.*.by continuation.moves.*.pipeline "
        "continuation.moves.*.stage continuation.origin.fostering_agency continuation.origin.idea "
        "continuation.origin.replicated.innovation continuation.origin.replicated.name "
        "continuation.origin.replicated.region continuation.origin.replicated.region_name "
        "continuation.question.files.*.digest continuation.question.files.*.media_type "
        "continuation.rights.*.number continuation.sustainability.decree.number "
        "continuation.sustainability.sop.number continuation.use.by documents.*.digest documents.*.media_type "
        "evidence.*.basis evidence.*.files.*.digest evidence.*.files.*.media_type evidence.*.files.*.number "
        "evidence.*.number evidence.*.unit id profile.award.number profile.intellectual_property.number "
        "profile.main_affair profile.name profile.programme profile.related_affairs.* redactions.*.by "
        "redactions.*.digest region withdrawal.by"
    ),
    "commitment": (
        "agency file.digest file.media_type number promises.*.innovation promises.*.name redactions.*.by "
        "redactions.*.digest region"
    ),
    "continuation_rules": ("pipelines.*.name pipelines.*.slug pipelines.*.stages.*.name pipelines.*.stages.*.slug"),
    "idea": "agency id innovation region",
    "mentor": "region",
    "import": "agencies_from digest redactions.*.by redactions.*.digest region sheet",
    "competition": (
        "marks.*.innovation region terms.categories.*.affairs.* terms.categories.*.name "
        "terms.categories.*.slug terms.groups.*.name terms.groups.*.slug terms.jury.criteria.*.name "
        "terms.jury.criteria.*.slug terms.milestones.*.name terms.name terms.season"
    ),
    "freeze": "catalogues.*.digest catalogues.*.name competition digest region series title",
    "spd": "catalogue digest region rows.*.evidence.*.number rows.*.unit",
    "official": ("innovations.*.predicate innovations.*.source overall.predicate overall.source region"),
    "award": "agency giver innovation number region title",
    "rescore": "begun digest ended wish.catalogue wish.region",
    "contact": "agencies.* consent_whatsapp email_closed notice phone_closed region",
    "contact_import": "region",
    "contact_table": "region",
    "exemption": "agency decree region",
    "alert_policy": "region revisions.*.by revisions.*.decree",
    "alerting": "",
    "hold": "regions.*",
    "reminder_request": "agencies.*.agency region",
    "office": "name region",
    "endpoint": "region subjects.*",
    "account": "agencies.* by region",
    "invitation": "agencies.* region",
}
"""The shown fields that hold text of any form: names of offices, numbers of papers, ids, codes. None is about a
person."""

HIDDEN: dict[str, str] = {
    "region": "",
    "agency": "",
    "innovation": (
        "comments.* continuation.actors.*.name continuation.actors.*.part "
        "continuation.follow_ups.*.answer.figures.*.label continuation.follow_ups.*.answer.figures.*.unit "
        "continuation.follow_ups.*.answer.note continuation.follow_ups.*.answer.reason "
        "continuation.follow_ups.*.files.*.name continuation.moves.*.note continuation.origin.reason "
        "continuation.question.files.*.name continuation.rights.*.author_died_on continuation.rights.*.holder "
        "continuation.sustainability.financing continuation.sustainability.successor "
        "continuation.sustainability.team.*.leaves_on continuation.sustainability.team.*.name "
        "continuation.sustainability.team.*.part continuation.use.reason documents.*.name "
        "evidence.*.files.*.name evidence.*.files.*.subject evidence.*.links.* evidence.*.subject "
        "profile.benefit profile.design profile.initiator_name profile.outcome profile.purpose "
        "redactions.*.reason withdrawal.reason withdrawal.region"
    ),
    "commitment": "file.name promises.*.dropped redactions.*.reason",
    "continuation_rules": "",
    "idea": "reason text title",
    "mentor": "name",
    "import": "name redactions.*.reason",
    "competition": "marks.*.by",
    "freeze": "reason",
    "spd": "rows.*.evidence.*.link rows.*.evidence.*.subject",
    "official": "",
    "award": "",
    "rescore": "",
    "contact": "email landline name phone",
    "contact_import": "",
    "contact_table": "",
    "exemption": "reason",
    "alert_policy": "",
    "alerting": "allowed.*",
    "hold": "",
    "reminder_request": "",
    "office": "reply_to telephone",
    "endpoint": "secrets.*.key secrets.*.until url",
    "account": "email name password",
    "invitation": "email name",
}
"""The fields that are only named: people, texts, files' names, addresses."""


@pytest.mark.parametrize("name", MODELS)
def test_every_field_of_an_audited_kind_was_looked_at(name: str) -> None:
    assert (texts(name), hidden(name)) == (set(TEXTS[name].split()), set(HIDDEN[name].split()))


@pytest.mark.parametrize("name", MODELS)
def test_a_rule_names_fields_that_exist(name: str) -> None:
    kind, model = MODELS[name]
    rule, known = rule_of(kind), [path for path, _ in paths(model)]

    assert [each for each in rule.shown if not any(_covers(each, path) for path in known)] == []
    assert rule.left_out - {"by", "created_by_body"} <= {path.partition(".")[0] for path in known}
    assert rule.region in {"", ID} or any(_covers(rule.region, path) for path in known)


def _covers(rule: str, path: str) -> bool:
    parts, wanted = path.split("."), rule.split(".")
    return len(wanted) <= len(parts) and all(
        one in {other, ANY} or other == ANY for one, other in zip(wanted, parts, strict=False)
    )


def test_every_audited_kind_has_its_model_here() -> None:
    every = (*registry.KINDS, *scoring.KINDS, *notifications.KINDS, *ENDPOINT_KINDS, *PORTAL_KINDS)

    assert {kind.name for kind in every if kind.audit is not None} == set(MODELS)


@pytest.mark.parametrize(
    "kinds",
    [registry.KINDS, scoring.KINDS, notifications.KINDS, ENDPOINT_KINDS, PORTAL_KINDS],
    ids=["r", "s", "n", "f", "p"],
)
def test_a_service_with_audited_kinds_keeps_their_log(kinds: tuple[Kind, ...]) -> None:
    assert set(AUDIT_NAMES) <= {kind.name for kind in kinds}
