"""The pages that everybody sees: catalogue, rankings, performance of alerts, open data, and the form for an idea."""
