"""The pages of an agency: forms, claims, tasks, scores."""
