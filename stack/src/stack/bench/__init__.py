"""The platform measured on this machine: imports, lists, the way of a fact to a status, an import beside live work."""
