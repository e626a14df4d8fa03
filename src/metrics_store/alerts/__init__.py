"""Alerts: dbt tests that store their failures, shown and posted to a webhook."""
