"""The two fields of a new password, in each form that has them."""

from __future__ import annotations

from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import _


def password_errors(form: Form) -> Errors:
    """What is wrong with the fields `sandi` and `ulangi`; whether the password is good enough is asked later."""
    errors = Errors()
    errors.require(form, "sandi", sentence=_("Isi kata sandi yang baru."))
    if not errors and form.raw("sandi") != form.raw("ulangi"):
        errors["ulangi"] = _("Kedua isian kata sandi tidak sama.")
    return errors
