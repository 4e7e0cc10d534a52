"""The OpenAPI document, made from the endpoint declarations."""
