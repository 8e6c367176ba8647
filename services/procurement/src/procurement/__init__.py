"""Public money buys what poor households grow."""
