"""The rules for Prometheus name metrics, labels and commands that exist, and notice what must be noticed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from services.feed import main as feed
from services.notifications.main import compose
from shared.cli.generate import tree
from shared.observability.metrics import REGISTRY
from tests.support.paths import ROOT

GROUPS = yaml.safe_load((ROOT / "deploy/observability/alerts.yml").read_text(encoding="utf-8"))["groups"]
RULES: dict[str, dict[str, Any]] = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
OURS = [name for name, rule in RULES.items() if "rabbitmq_" not in rule["expr"]]
"""Rules on our own metrics; the others are on those of the broker."""
FAMILIES = {family.name: family for family in REGISTRY.collect()}
BY = re.compile(r"by \(([^)]*)\)")


def metric_of(rule: dict[str, Any]) -> str:
    [name] = re.findall(r"satu_[a-z_]+", rule["expr"])
    return str(name)


def labels_of(metric: str) -> set[str]:
    collector = REGISTRY._names_to_collectors[metric]  # prometheus_client tells labels in no other way
    return set(vars(collector)["_labelnames"])


@pytest.mark.parametrize("name", OURS)
def test_a_rule_asks_for_a_metric_that_exists_by_labels_that_it_has(name: str) -> None:
    assert (compose, feed) != (None, None)  # importing a service registers its metrics
    rule = RULES[name]
    metric = metric_of(rule)

    assert metric.removesuffix("_total") in FAMILIES
    grouped = {each.strip() for each in ",".join(BY.findall(rule["expr"])).split(",") if each}
    named = set(re.findall(r"\$labels\.([a-z]+)", str(rule["annotations"])))
    assert named <= grouped <= labels_of(metric)
    assert rule["expr"].count("(") == rule["expr"].count(")")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_how_serious_it_is_and_what_to_do(name: str) -> None:
    rule = RULES[name]

    assert rule["labels"]["severity"] in {"page", "warning", "info"}
    assert rule["annotations"].keys() == {"summary", "description"}
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    known = {path.removeprefix("satu ") for path, _ in tree()}
    commands = re.findall(r"\bsatu ([a-z]+)(?: ([a-z]+))?", rule["annotations"]["description"])
    assert [each for each in commands if each[0] not in known and " ".join(each) not in known] == []


def test_somebody_notices_when_nobody_is_told() -> None:
    assert {
        "satu_oldest_unsent_seconds",
        "satu_channel_stopped",
        "satu_registry_behind",
        "satu_bounce_mailbox_away",
        "satu_withheld_persons",
    } <= {metric_of(RULES[name]) for name in OURS}
    assert RULES["MessagesLate"]["expr"].endswith("> 300"), "an alarm after 5 minutes"
    assert "for" not in RULES["MessagesLate"]
