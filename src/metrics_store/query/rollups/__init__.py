"""Roll-ups: what they store, which questions they cover, and the definitions over them."""
