from __future__ import annotations

from services.registry.kinds import DEADLINE, KINDS
from services.registry.references import REFERENCES
from shared.contracts.event_types import CONTRACTS
from shared.ports.store import ScanRow


def test_a_passed_deadline_names_its_region_its_agencies_and_what_was_submitted() -> None:
    state = {"region": "61.12", "submitted": {"a1": ["i1", "i2"], "a2": ["i2"]}}
    named = {
        each.subject: sorted(each.ids(ScanRow("61.12/2026", 1, [(name, state[name]) for name in each.fields])))
        for each in REFERENCES
        if each.kind == DEADLINE.name
    }
    assert named == {"region": ["61.12"], "agency": ["a1", "a2"], "innovation": ["i1", "i2", "i2"]}


def test_every_subject_of_the_registry_s_events_is_one_of_its_kinds() -> None:
    subjects = {contract.subject for contract in CONTRACTS.values() if contract.source == "registry"}
    assert subjects == {"region", "agency", "innovation", "deadline", "commitment", "idea"}
    assert subjects <= {kind.name for kind in KINDS}
