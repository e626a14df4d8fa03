"""What the definitions offer, in words and names: what every door lists."""
