"""订单的规则, pure: how amounts part to the cent, how an order stands, what cannot be."""
