"""How ``soundstage.client`` is made of docs/openapi.json."""
