"""Proving the promise by breaking things: faults under load, then every fact is looked for, everywhere."""
