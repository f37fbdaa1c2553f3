"""Who and what a sentence speaks of, and whose figure a quantity is."""
