"""Search models, and language models over HTTP."""
