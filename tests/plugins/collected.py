"""Keeps what the collection of the tests has made from every later run of the garbage collector. It is a million
objects, which stay until the end, and a run over them takes half a second."""

from __future__ import annotations

import gc

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Once all tests are collected."""
    gc.collect()
    gc.freeze()
