"""Every event class of the platform, each written once in the module of the service that publishes it."""
