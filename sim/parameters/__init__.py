"""Parameters: their declaration, sections, scenarios and scenario files."""
