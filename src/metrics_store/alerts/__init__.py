"""Alerts: dbt tests that keep what they find, shown and sent to people."""
