"""What a run found, as the rows of its tables and as words: months, records, places, costs, fits."""
