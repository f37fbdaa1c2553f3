"""Claims that a language model proposes: quote and slots are its own, every offset and number is read again here."""
