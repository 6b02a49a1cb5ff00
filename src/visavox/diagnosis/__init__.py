"""What works on this machine, how fast, and what is missing for what: the facts behind `visavox doctor`."""
