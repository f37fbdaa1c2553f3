"""One file a kind of claim; each is found by itself."""
