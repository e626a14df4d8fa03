"""The dialects of SQL that metrics are planned in: what differs beside MetricFlow's renderers."""
