"""Residents: who lives in the estates, what they suffer, and what they do about it."""
