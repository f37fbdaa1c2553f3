"""A sentence laid out for the frames, and the claim made of what a frame reads."""
