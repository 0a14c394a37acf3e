"""Everything that must stand before the product can run, made with the standard library alone."""
