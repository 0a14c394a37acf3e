"""The ground: district, street, community, grid and its boundaries, buildings, the base map."""

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from geodata.db.columns import Shape, label_point, mercator
from geodata.db.tables.base import among, identity, metadata, sound

district = Table(
    "district",
    metadata,
    Column("code", Text, primary_key=True, comment="区划代码"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("shape", Shape("MULTIPOLYGON"), nullable=False, comment="ground that the cells fill"),
    Column("revision", BigInteger, nullable=False, server_default="0", comment="of boundaries"),
    Column("synthetic", Boolean, nullable=False, server_default=text("false")),
    Column("norm_households", Integer, nullable=False, server_default="300"),
    Column("band_low", Integer, nullable=False, server_default="200"),
    Column("band_high", Integer, nullable=False, server_default="500"),
    Column("walk_m", Integer, nullable=False, server_default="1800", comment="to a station"),
    sound("shape"),
    comment="区",
)

street = Table(
    "street",
    metadata,
    Column("code", Text, primary_key=True, comment="9 digits under GB/T 10114"),
    Column("district_code", ForeignKey("district.code"), nullable=False),
    Column("code_scheme", Text, nullable=False, server_default="GB"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("shape", Shape("MULTIPOLYGON")),
    CheckConstraint(
        "code_scheme <> 'GB' or (code ~ '^[0-9]{9}$' and left(code, 6) = district_code)",
        name="code_in_district",
    ),
    sound("shape"),
    comment="街道",
)

community = Table(
    "community",
    metadata,
    Column("code", Text, primary_key=True, comment="12 digits"),
    Column("street_code", ForeignKey("street.code"), nullable=False, index=True),
    Column("code_scheme", Text, nullable=False, server_default="GB"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("platform", Boolean, nullable=False, server_default=text("true")),
    Column("shape", Shape("MULTIPOLYGON"), comment="union of its cells"),
    Column("revision", BigInteger, nullable=False, server_default="0", comment="of boundaries"),
    CheckConstraint(
        "code_scheme <> 'GB' or (code ~ '^[0-9]{12}$' and left(code, 9) = street_code)",
        name="code_in_street",
    ),
    sound("shape"),
    comment="社区",
)

grid = Table(
    "grid",
    metadata,
    identity(),
    Column("code", Text, unique=True, comment="15 digits; never used again"),
    Column("code_scheme", Text, nullable=False, server_default="GB"),
    Column("kind", Text, nullable=False, server_default="basic"),
    Column("community_code", ForeignKey("community.code"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("multipart", Boolean, nullable=False, server_default=text("false")),
    Column("retired_at", DateTime(timezone=True)),
    among("kind", "basic", "dedicated", "uncovered"),
    CheckConstraint("(kind = 'uncovered') = (code is null)", name="code_unless_uncovered"),
    CheckConstraint(
        "code_scheme <> 'GB' or code is null"
        " or (code ~ '^[0-9]{15}$' and left(code, 12) = community_code)",
        name="code_in_community",
    ),
    Index(
        "uq_grid_one_uncovered",
        "community_code",
        unique=True,
        postgresql_where=text("kind = 'uncovered'"),
    ),
    comment="网格",
)

boundary = Table(
    "boundary",
    metadata,
    identity(),
    Column("grid_id", ForeignKey("grid.id"), nullable=False),
    Column("shape", Shape("MULTIPOLYGON"), nullable=False),
    label_point("shape"),
    Column("valid", TSTZRANGE, nullable=False),
    Column("plan_id", ForeignKey("redraw_plan.id"), comment="the plan that drew it"),
    CheckConstraint("not isempty(valid) and not lower_inf(valid)", name="valid_bounded"),
    sound("shape"),
    ExcludeConstraint(("grid_id", "="), ("valid", "&&"), name="ex_boundary_one_at_a_time"),
    Index("ix_boundary_plan_id", "plan_id"),
    Index("ix_boundary_shape", "shape", postgresql_using="gist"),
    Index(
        "ix_boundary_present",
        "shape",
        postgresql_using="gist",
        postgresql_where=text("upper_inf(valid)"),
    ),
    comment="网格边界",
)

road = Table(
    "road",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("width", REAL, nullable=False, server_default="6", comment="metres"),
    Column("shape", Shape("LINESTRING"), nullable=False),
    mercator("shape", "LINESTRING"),
    sound("shape"),
    Index("ix_road_shape", "shape", postgresql_using="gist"),
    comment="道路",
)

landcover = Table(
    "landcover",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("shape", Shape("MULTIPOLYGON"), nullable=False),
    mercator("shape", "MULTIPOLYGON"),
    sound("shape"),
    Index("ix_landcover_shape", "shape", postgresql_using="gist"),
    comment="水系与绿地",
)

place = Table(
    "place",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("shape", Shape("POINT"), nullable=False),
    mercator("shape", "POINT"),
    sound("shape"),
    Index("ix_place_shape", "shape", postgresql_using="gist"),
    comment="地点",
)

building = Table(
    "building",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("community_code", ForeignKey("community.code"), nullable=False),
    Column("kind", Text, nullable=False, server_default="building"),
    Column("courtyard_id", ForeignKey("building.id"), index=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False),
    Column("door", Shape("POINT"), nullable=False, comment="decides the grid"),
    Column("outline", Shape("POLYGON"), nullable=False),
    mercator("outline", "POLYGON"),
    Column("levels", SmallInteger, nullable=False, server_default="1"),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("residents", Integer, nullable=False, server_default="0"),
    Column("grid_id", ForeignKey("grid.id"), index=True, comment="grid of the door"),
    Column("party_group_id", ForeignKey("party_org.id"), index=True),
    among("kind", "building", "courtyard"),
    CheckConstraint("households >= 0 and residents >= 0", name="counts_natural"),
    sound("door"),
    sound("outline"),
    Index("ix_building_community_code", "community_code", postgresql_include=["residents"]),
    Index("ix_building_door", "door", postgresql_using="gist"),
    Index("ix_building_outline", "outline", postgresql_using="gist"),
    comment="楼栋与院落",
)

ground_change = Table(
    "ground_change",
    metadata,
    Column("written_by", BigInteger, primary_key=True, autoincrement=False),
    Column("written", BigInteger, nullable=False, server_default="1", comment="transactions"),
    Column(
        "at",
        DateTime(timezone=True),
        comment="of the last boundary that a lesser role ended or began",
    ),
    Column("whole", Boolean, comment="whether the ground was filled after that"),
    comment="谁动过地面",
)
"""The numbers of the transactions that wrote to boundaries, buildings, places or units.

Those that are over stand together under the last of their numbers.
"""
