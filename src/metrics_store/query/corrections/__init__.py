"""Plans made right, or rejected, where MetricFlow's own answer would be silently wrong."""
