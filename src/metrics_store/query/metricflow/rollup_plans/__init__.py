"""Plans over roll-ups: what takes the place of a semantic model in MetricFlow."""
