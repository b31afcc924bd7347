"""An agency's obligation for a year: the facts, the rules that derive it, exemptions."""
