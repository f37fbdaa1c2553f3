"""Price series in: files, and the synthetic year."""
