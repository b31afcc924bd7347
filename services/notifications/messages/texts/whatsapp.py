"""WhatsApp templates: data files that are submitted to the provider, filled in with variables.

Rules of the provider (Meta, WhatsApp Business Management API, message templates, read in November 2026): a body has at
most 1,024 characters and neither begins nor ends with a variable; a variable has no line break and no more than four
spaces in a row, and is never empty; a footer has at most 60 characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

MOST_BODY = 1024
MOST_FOOTER = 60
MOST_BRIEF = 360
MOST_INFORMATION = 220
_PLACE = re.compile(r"\{\{(\d+)\}\}")


class TemplateVariable(BaseModel):
    """name: for people; example: as the submission needs it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    example: str


class WhatsAppTemplate(BaseModel):
    """One template. version: raised with every change of the body, the footer or the variables; an approved template is
    not edited, the new version is submitted under a new name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int
    category: str
    language: str
    body: str
    footer: str
    variables: tuple[TemplateVariable, ...]

    @property
    def provider_name(self) -> str:
        """The name under which the provider knows this version."""
        return f"{self.name}_v{self.version}"

    def filled(self, values: Sequence[str]) -> str:
        """The body with its variables. Raises ValueError for another number of values."""
        if len(values) != len(self.variables):
            raise ValueError(f"{self.name} has {len(self.variables)} variables, not {len(values)}")
        return _PLACE.sub(lambda match: values[int(match[1]) - 1], self.body)

    def submission(self) -> dict[str, Any]:
        """The body of `POST /<business account>/message_templates`."""
        examples = [[variable.example for variable in self.variables]]
        return {
            "name": self.provider_name,
            "language": self.language,
            "category": self.category,
            "components": [
                {"type": "BODY", "text": self.body, "example": {"body_text": examples}},
                {"type": "FOOTER", "text": self.footer},
            ],
        }


def faults(template: WhatsAppTemplate) -> list[str]:
    """What the provider would refuse about the template."""
    body, numbers = template.body, [int(number) for number in _PLACE.findall(template.body)]
    checks = {
        "the variables are not {{1}}, {{2}} … in order, one for each name": numbers
        == list(range(1, len(template.variables) + 1)),
        "the body begins or ends with a variable": not body.startswith("{{") and not body.rstrip().endswith("}}"),
        "the body is too long": len(body) <= MOST_BODY,
        "the footer is too long": len(template.footer) <= MOST_FOOTER,
        "a template of notifications is UTILITY in Indonesian": (template.category, template.language)
        == ("UTILITY", "id"),
    }
    return [fault for fault, right in checks.items() if not right]


@cache
def whatsapp_templates() -> Mapping[str, WhatsAppTemplate]:
    """Name → template, of every data file."""
    folder = files("services.notifications") / "templates"
    found = [
        WhatsAppTemplate.model_validate(json.loads(file.read_text("utf-8")))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.startswith("satu_") and file.name.endswith(".json")
    ]
    return {template.name: template for template in found}
