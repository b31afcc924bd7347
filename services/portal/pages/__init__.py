"""What every page of the portal stands on: guard, templates, forms, languages, assets."""
