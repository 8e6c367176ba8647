"""Event classes, event log, relay, consumer, received log, dead letters."""
