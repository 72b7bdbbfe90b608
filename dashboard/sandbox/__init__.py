"""The Flowtly API, embedded: a real HTTP server over its own SQLite file.

It imports neither Django nor the dashboard's own client, so that the two cannot share a mistake.
"""
