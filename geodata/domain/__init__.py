"""Rules and geometry: pure, without database, files or web."""
