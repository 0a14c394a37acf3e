"""A synthetic district with real names: `generate(Options(seed=…))`; see README.md beside this."""

from geodata.demo.facts import ATTRIBUTION
from geodata.demo.generate import generate
from geodata.demo.model import District, Options

__all__ = ["ATTRIBUTION", "District", "Options", "generate"]
