"""Visits 走访: what helpers find at home, uploaded in a batch after a day without a net, with their photographs."""
