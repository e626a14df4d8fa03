"""A request in MetricFlow's form, and what MetricFlow answers: its SQL and its errors."""
