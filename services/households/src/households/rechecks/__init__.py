"""复查: which households are to be checked again, told by whoever changes them."""
