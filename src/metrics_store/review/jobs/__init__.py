"""dbt at work on a revision: in processes of their own, several at the same time."""
