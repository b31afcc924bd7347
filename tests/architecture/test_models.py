"""Every model can be built. A process builds a model only when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from pydantic import BaseModel

from shared.runtime.installed import installed


def models(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in of.__subclasses__():
        yield each
        yield from models(each)


def test_every_model_of_the_services_can_be_built() -> None:
    for service in installed():
        import_module(f"services.{service}.main")
    own = {each for each in models(BaseModel) if each.__module__.startswith(("services.", "shared."))}

    assert len(own) > 300
    for each in own:
        each.model_rebuild()
        assert each.__pydantic_complete__, each
