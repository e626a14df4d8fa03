"""Build a PostgreSQL warehouse beside what is live there, and put it in its place at once."""
