"""What binds those who act: coverage strategies and routine services."""
