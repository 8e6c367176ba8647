"""订单: from placing to delivery or cancellation; what households lose by cancelled and rejected goods (§3 §10 §11)."""
