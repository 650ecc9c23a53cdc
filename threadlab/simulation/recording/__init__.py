"""What tasks do to what they share."""
