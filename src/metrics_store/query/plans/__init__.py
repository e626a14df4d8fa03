"""Plans: SQL with places for values, so that a question for another day needs no new planning."""
