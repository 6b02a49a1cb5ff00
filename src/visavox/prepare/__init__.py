"""From people's films to a store: where somebody speaks, whose face it is, what of it can be learned from, and why the rest cannot."""
