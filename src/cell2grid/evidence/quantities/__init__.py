"""From a sentence to its quantities: numbers, units, bounds; and the digits that count nothing."""
