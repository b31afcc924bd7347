"""Addresses and numbers that belong to nobody, which a contact may have all the same: to try out an installation. What
happens to each is in `sending/drivers/simulator.py`.

`.invalid` is reserved (RFC 2606), and no Indonesian number begins with 800 000.
"""

from __future__ import annotations

DOMAIN = "simulator.invalid"
BEHAVIOURS = ("sukses", "gagal", "pantul", "diam", "tunda")
ADDRESSES = {f"{behaviour}@{DOMAIN}": behaviour for behaviour in BEHAVIOURS}
NUMBERS = {f"+628000000000{number}": behaviour for number, behaviour in enumerate(BEHAVIOURS, start=1)}
