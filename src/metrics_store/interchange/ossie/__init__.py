"""Apache Ossie, formerly Open Semantic Interchange (OSI): documents of definitions, both ways."""
