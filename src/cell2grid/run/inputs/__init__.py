"""What a study says of plants, trade, orders and shocks, as the arrays that the engines read."""
