"""Language models: structured answers from any OpenAI-compatible server."""
