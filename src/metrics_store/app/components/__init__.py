"""What pages are made of: cards, charts, tables, and the words around them."""
