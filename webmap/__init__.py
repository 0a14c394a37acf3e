"""The doors: HTML pages, Folium maps and a JSON API over the same services."""
