"""Help asked of procurement: an order of a canteen or a union for what a household grows."""
