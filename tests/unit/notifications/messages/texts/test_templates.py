"""WhatsApp templates as data, and the check at start that finds what a provider would refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts import check, whatsapp
from services.notifications.messages.texts.check import check_templates, preview, variable_fault
from services.notifications.messages.texts.samples import samples
from services.notifications.messages.texts.whatsapp import WhatsAppTemplate, whatsapp_templates
from shared.faults import Misconfigured

NAME = "satu_kabar_inovasi"
BROKEN: dict[str, Callable[[WhatsAppTemplate], WhatsAppTemplate]] = {
    "ends with a variable": lambda template: template.model_copy(update={"body": template.body + "\n{{6}}"}),
    "skips a variable": lambda template: template.model_copy(update={"body": template.body.replace("{{2}}", "2026")}),
    "a body that is too long": lambda template: template.model_copy(update={"body": template.body + "." * 1024}),
    "a footer that is too long": lambda template: template.model_copy(update={"footer": "." * 61}),
    "another category": lambda template: template.model_copy(update={"category": "MARKETING"}),
    "another language": lambda template: template.model_copy(update={"language": "id_ID"}),
    "one variable less": lambda template: template.model_copy(
        update={
            "body": template.body.replace("{{5}}", "kantor"),
            "variables": template.variables[:-1],
        }
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_template_with_a_fault_stops_the_start(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = dict(whatsapp_templates())
    templates[NAME] = BROKEN[fault](templates[NAME])
    monkeypatch.setattr(check, "whatsapp_templates", lambda: templates)
    monkeypatch.setattr("services.notifications.messages.rendering.whatsapp_templates", lambda: templates)

    with pytest.raises(Misconfigured, match="template"):
        check_templates()


def test_a_submission_has_an_example_for_every_variable() -> None:
    for template in whatsapp_templates().values():
        body, footer = template.submission()["components"]
        assert template.submission()["name"] == f"{template.name}_v{template.version}"
        assert len(body["example"]["body_text"][0]) == len(template.variables)
        assert all(variable.example for variable in template.variables)
        assert len(template.filled([each.example for each in template.variables])) <= whatsapp.MOST_BODY
        assert footer["text"] == template.footer


def test_another_number_of_variables_is_an_error() -> None:
    with pytest.raises(ValueError, match="5 variables, not 1"):
        whatsapp_templates()[NAME].filled(["one"])


@pytest.mark.parametrize("value", ["", "two\nlines", "a\ttab", "many     spaces"])
def test_a_variable_that_a_provider_refuses_is_found(value: str) -> None:
    message = preview([samples()["duty before-14"]], ChannelName.WHATSAPP)

    assert variable_fault(replace(message, variables=(*message.variables[:-1], value))) is not None


def test_a_provider_knows_each_version_under_a_name_of_its_own() -> None:
    message = preview([samples()["duty before-14"]], ChannelName.WHATSAPP)

    assert message.provider_template == "satu_pengingat_kewajiban_v1"
    assert message.stamp == "satu_pengingat_kewajiban@1"
