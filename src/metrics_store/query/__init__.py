"""From a question to rows: MetricFlow plans it, a read-only connection answers it."""
