"""Git revisions of a dbt project, and what dbt makes of them."""
