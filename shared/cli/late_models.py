"""Lets pydantic build what validates and writes a model when that is first needed, not when the class is made.

A process has some 500 models, most of them of routes that are called now and then. Building all of them costs each
process 7 MB and a part of its start. The package imports this module before any model. A test builds all of them: one
that cannot be built is found there, not by whoever asks first.
"""

from __future__ import annotations

import warnings

from pydantic import BaseModel
from pydantic.warnings import UnsupportedFieldAttributeWarning

BaseModel.model_config["defer_build"] = True  # of every subclass that says nothing else

# FastAPI gives a field's name in the request as an alias and ignores pydantic's warning about it where it makes the
# field, which builds nothing any more.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)
