"""The curator's work: verification, compliance, index, rankings and continuation."""
