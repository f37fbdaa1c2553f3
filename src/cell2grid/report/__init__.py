"""The page made from a run folder: charts, tables, findings."""
