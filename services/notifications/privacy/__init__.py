"""Personal data in notifications: found, corrected, erased, and not kept longer than needed (UU 27/2022)."""
