"""How the weights are made. Only `qantar.model.train` imports this package; it needs torch, which nothing else does."""
