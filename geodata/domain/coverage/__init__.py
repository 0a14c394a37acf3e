"""Coverage: what ground, people and grids nobody serves, why that is, and what closes it.

`frames` are what is looked at, `gap` what can be found, `gaps` finds all of it; `measures` are the
figures of an area and the classes that colour them.
"""
