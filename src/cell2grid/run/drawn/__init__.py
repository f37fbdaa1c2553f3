"""The figures of a study as numbers of members, and how members are spread over their ranges."""
