"""What leaves the store: sheets of claims, a Parquet snapshot, linked data, and stakes as ownership statements."""
