"""Who sells what where at which price."""
