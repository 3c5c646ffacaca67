"""Which part of a policy does it: the policy taken apart."""
