"""What stands around a SELECT from a metric table: SELECTs of its rows, joins, common tables."""
