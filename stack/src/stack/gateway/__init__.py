"""The one address of the platform: reverse proxy to the services and, in the embedded profile, the token issuer."""
