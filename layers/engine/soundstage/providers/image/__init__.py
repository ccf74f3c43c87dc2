"""Pictures of shots by models of others."""
