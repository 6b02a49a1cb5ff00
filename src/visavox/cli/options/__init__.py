"""What verbs share: options by subject, each group with the values that it builds."""
