"""Registry 户籍台账: households and persons, one person once, with history."""
