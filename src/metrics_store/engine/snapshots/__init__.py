"""What requests are answered from: warehouse, definitions and permissions at one moment."""
