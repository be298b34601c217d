"""The smallest group that a figure may stand for."""

FEWEST = 5  # people
