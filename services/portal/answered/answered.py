"""The base of the models that read an owner's answer."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answered(BaseModel):
    """Frozen; fields that are not named are ignored, as the owners may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")
