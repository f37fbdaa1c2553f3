"""What is fast, measured beside its peers in one run: each file registers its sizes and the programs it times."""
