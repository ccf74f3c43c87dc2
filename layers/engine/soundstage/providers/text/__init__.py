"""Language models: structured answers from any server of the chat completions API."""
