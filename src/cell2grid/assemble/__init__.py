"""Accepted claims into a study: which claim fits which figure, the filled file, the evidence behind a study."""
