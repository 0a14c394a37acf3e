"""PostGIS: asks and keeps, decides nothing."""
