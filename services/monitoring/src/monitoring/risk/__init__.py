"""Risk: pure rules over a household's profile, each outcome with its evidence."""
