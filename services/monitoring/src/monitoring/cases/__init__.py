"""Cases: from the clue to the list of monitored households and off it again, by the statutory chain."""
