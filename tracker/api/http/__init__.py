"""The machinery of the REST door: endpoints, requests, answers, problems, paging, limits."""
