"""A language model behind an OpenAI-compatible address, asked for a label and a quotation."""
