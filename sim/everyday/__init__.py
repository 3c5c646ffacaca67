"""What happens to people: incidents, grievances, voice, trust, satisfaction."""
