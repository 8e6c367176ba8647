"""订单: so far the cancellations that cost households a sale (§3 §10 §11); the life of an order follows."""
