"""Innovations that are alike: handed in twice, again next year, or worth replicating. By words, without a model."""
