"""One file a chart; each is found by itself."""
