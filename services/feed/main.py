"""The composition root of the feed."""

from __future__ import annotations

from fastapi import APIRouter

from services.feed.kinds import KINDS
from shared.runtime.service import Resources, Service

NAME = "feed"


def compose(resources: Resources) -> Service:  # noqa: ARG001
    """The service."""
    return Service(name=NAME, kinds=KINDS, router=APIRouter())
