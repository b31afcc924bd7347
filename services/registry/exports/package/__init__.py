"""The ready package: a region's innovations for the national round, as one ZIP, checked before it leaves."""
