"""What a planning tool knows of Salesforce's owners: quotas, and the teams they were in."""
