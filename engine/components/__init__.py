"""NLU graph components, named in config.yml by their full path."""
