"""Villages 村情: what the national sheet of villages says of each, beside what is registered there."""
