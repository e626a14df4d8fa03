"""SQL over metrics made at random, and what it gives by rows that are counted in plain Python."""
