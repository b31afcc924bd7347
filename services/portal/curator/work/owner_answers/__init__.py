"""What these pages read of the owners' answers: only the fields that are shown; others are ignored."""
