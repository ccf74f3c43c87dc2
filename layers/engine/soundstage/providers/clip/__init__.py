"""Moving pictures of shots by models of others."""
