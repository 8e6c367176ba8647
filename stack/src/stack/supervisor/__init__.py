"""The supervisor: every process of the platform, from start to stop."""
