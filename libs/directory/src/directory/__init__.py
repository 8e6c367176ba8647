"""Each service's local copy of households, persons, staff and regions, kept by events.

Merge `handlers.HANDLERS` into the worker's table, run `ddl.create_v1` in the first migration, and ask `people.resolve`.
"""
