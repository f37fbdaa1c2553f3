"""Claims put before a reviewer: the queue, what is shown of each, the keys, and what is learnt from a rejection."""
