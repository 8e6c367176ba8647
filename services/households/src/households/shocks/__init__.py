"""Shocks 突发事件: disasters and accidents that strike a household, until it is through them."""
