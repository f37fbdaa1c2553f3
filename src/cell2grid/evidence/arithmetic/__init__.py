"""Whether the claims agree: sums, products, quotients, stakes; and what follows from them."""
