"""What all figures share: style, layout, legends and labels."""
