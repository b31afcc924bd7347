"""What an agency asks about a draft: what blocks its submission, and which score it would have."""
