"""The typed study: its YAML, its models, the studies and technologies that ship."""
