"""The page of the executive: index, compliance, stages, rankings and who is late; on screen, on paper, as a PDF."""
