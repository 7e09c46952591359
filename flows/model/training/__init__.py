"""How the weights are made. Only `flows.model.train` imports this package; it needs torch, which nothing else does."""
