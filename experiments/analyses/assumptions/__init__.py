"""What is not known, and how far a result reaches over it: the list of what is least known, and the range over it."""
