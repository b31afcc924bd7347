"""The base of all answers over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Frozen: an answer is only shown."""

    model_config = ConfigDict(frozen=True)
