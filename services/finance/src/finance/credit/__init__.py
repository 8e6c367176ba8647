"""评级授信: what banks will lend a household, and who has a credit line but no loan (可贷尽贷, §22)."""
