"""Policies: coverage, empowerment, supervision, deliberation, services, emergencies."""
