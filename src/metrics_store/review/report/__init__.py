"""What changed, as people and programs read it: terminal, Markdown, JSON and HTML."""
