"""`make demo`: the service, its client and what people see, in one go."""
