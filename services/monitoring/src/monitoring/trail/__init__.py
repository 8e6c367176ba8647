"""The trail of a household: everything that was known, concluded, told, decided and done about it, in time order."""
