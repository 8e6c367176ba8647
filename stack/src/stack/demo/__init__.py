"""The demonstration: a year of the platform's life in a few minutes, played through its public APIs, then audited."""
