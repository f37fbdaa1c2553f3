"""Plants by months by members: the whole case, its growth, what each feature costs, and numpy beside it."""
