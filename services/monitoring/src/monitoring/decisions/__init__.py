"""Decisions: who decided what about alerts, cases and policy, when, on which evidence, in a chain of hashes."""
