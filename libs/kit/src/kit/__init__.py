"""What every service stands on; empty on purpose, so that pure rules can import `kit.errors` alone."""
