"""What writes MetricFlow's plans as SQL, so that it means the same to every engine."""
