"""Delivery: alerts told to those who must act, by signed webhooks and messages; one record per change and target."""
