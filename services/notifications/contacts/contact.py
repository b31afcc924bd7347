"""A person at an agency who can be told: the only home of names, addresses and phone numbers (UU 27/2022).

State: ``{region, agencies, name, email, phone, flagged, reachable, erased, created_by_body}``. reachable: 1 with a
valid e-mail address that no provider has refused as unknown, else 0. Pure functions on it.
"""

from __future__ import annotations

from typing import Any

State = dict[str, Any]
HIDDEN = "•••"


def described(
    *, region: str, agencies: list[str], name: str, email: str | None, phone: str | None, body: str = ""
) -> State:
    """The state of a contact. email: valid and normalised; phone: E.164; body: the fingerprint of what created it."""
    return {
        "region": region,
        "agencies": sorted(set(agencies)),
        "name": name,
        "email": email or "",
        "phone": phone or "",
        "flagged": False,
        "reachable": int(bool(email)),
        "erased": 0,
        "created_by_body": body,
    }


def corrected(state: State, change: State) -> State:
    """The contact with what `described` made of a correction. A flag stays while the address stays."""
    flagged = state["flagged"] and state["email"] == change["email"]
    reachable = int(bool(change["email"]) and not flagged)
    return change | {"created_by_body": state["created_by_body"], "flagged": flagged, "reachable": reachable}


def flag(state: State | None, email: str) -> State | None:
    """The contact whose address a provider does not know; None when the address is another by now."""
    if state is None or state["email"] != email or state["flagged"]:
        return None
    return state | {"flagged": True, "reachable": 0}


def erased(state: State) -> State:
    """What is left of a person: the opaque id, region and agencies, so that the ledger of alerts stays readable."""
    gone = described(region=state["region"], agencies=state["agencies"], name="", email=None, phone=None)
    return gone | {"erased": 1}


def masked(state: State) -> dict[str, str | None]:
    """Name, address and phone as lists show them."""
    return {
        "name": " ".join(_first(word) for word in state["name"].split()),
        "email": masked_email(state["email"]) if state["email"] else None,
        "phone": masked_phone(state["phone"]) if state["phone"] else None,
    }


def masked_email(email: str) -> str:
    """`b•••@dinas.example`."""
    local, _, domain = email.rpartition("@")
    return f"{_first(local)}@{domain}"


def masked_phone(phone: str) -> str:
    """`+62•••78`."""
    return f"{phone[:3]}{HIDDEN}{phone[-2:]}"


def _first(word: str) -> str:
    return f"{word[:1]}{HIDDEN}"
