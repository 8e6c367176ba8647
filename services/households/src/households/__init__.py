"""Who they are, what they earn, who helps them."""
