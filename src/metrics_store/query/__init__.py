"""From a request to rows: names are resolved, MetricFlow plans, a read-only connection answers."""
