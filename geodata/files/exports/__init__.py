"""Layers and lists on their way out as files: `write` makes one in any of `FORMATS`."""

from geodata.files.exports.formats import FORMATS, Format, write
from geodata.files.exports.frames import Frame, frame
from geodata.files.exports.sheet import Batch, Head

__all__ = ["FORMATS", "Batch", "Format", "Frame", "Head", "frame", "write"]
