"""The definitions as every renderer reads them: semantic models, joins, metrics, conditions."""
