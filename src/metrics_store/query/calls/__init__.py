"""Calls such as `semantic_layer.query(...)`, as the dbt Semantic Layer's clients write them."""
