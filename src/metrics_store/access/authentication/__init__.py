"""Who a caller is: from a credential to a principal."""
