"""The claim store: rows that are added and never changed."""
