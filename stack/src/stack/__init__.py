"""The zengshou command: the whole platform on one machine."""
