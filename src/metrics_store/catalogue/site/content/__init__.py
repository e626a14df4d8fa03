"""What the site says: definitions, lineage, consumers and answers, as far as they are visible."""
