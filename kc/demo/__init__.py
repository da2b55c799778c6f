"""The demo organisation: an invented Thai bank with three years of communities, told through the services."""
