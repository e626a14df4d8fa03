"""The definitions as text for the layers of warehouses and of business intelligence tools."""
