"""Periods as people say them: `last 4 quarters`, `2024-Q4`, `FY2024-Q3`; and their days."""
