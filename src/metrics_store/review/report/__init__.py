"""The report of a review: terminal, Markdown, JSON and HTML."""
