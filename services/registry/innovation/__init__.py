"""An innovation's life: draft, submission, return, verification, withdrawal."""
