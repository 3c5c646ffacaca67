"""What is written for people: the message catalogue, in which English is the source and Chinese its translation."""
