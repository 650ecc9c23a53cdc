"""The suite of threadprims, and the laws that it holds implementations to."""
