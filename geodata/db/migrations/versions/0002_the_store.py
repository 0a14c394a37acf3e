"""The store."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("code", sa.Text(), nullable=False, comment="区划代码"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
            comment="ground that the cells fill",
        ),
        sa.Column(
            "revision", sa.BigInteger(), server_default="0", nullable=False, comment="of boundaries"
        ),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("norm_households", sa.Integer(), server_default="300", nullable=False),
        sa.Column("band_low", sa.Integer(), server_default="200", nullable=False),
        sa.Column("band_high", sa.Integer(), server_default="500", nullable=False),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_district_shape_sound")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
        comment="区",
    )
    op.create_table(
        "grid_worker",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_worker")),
        comment="网格员",
    )
    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("datum", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column(
            "total", sa.Integer(), nullable=True, comment="rows in the file, once they were counted"
        ),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("known", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unplaced", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "columns",
            sa.JSON(),
            nullable=True,
            comment="recognised, unknown and dropped column names",
        ),
        sa.Column(
            "error",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="why the whole file was refused",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_import_job_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
        sa.UniqueConstraint(
            "sha256", "channel", "datum", name=op.f("uq_import_job_sha256_channel_datum")
        ),
        comment="工单导入",
    )
    op.create_table(
        "issue_category",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code_scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("time_limit", sa.Numeric(), nullable=True, comment="in the unit of limit_type"),
        sa.Column("limit_type", sa.Text(), nullable=True),
        sa.Column("glyph", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_category")),
        sa.UniqueConstraint("code_scheme", "code", name=op.f("uq_issue_category_code_scheme_code")),
        comment="诉求类别",
    )
    op.create_table(
        "landcover",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_landcover_shape_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landcover")),
        comment="水系与绿地",
    )
    op.create_index(
        "ix_landcover_shape", "landcover", ["shape"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "shape", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_place_shape_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        comment="地点",
    )
    op.create_index("ix_place_shape", "place", ["shape"], unique=False, postgresql_using="gist")
    op.create_table(
        "road",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("width", sa.REAL(), server_default="6", nullable=False, comment="metres"),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("LINESTRING", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_road_shape_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road")),
        comment="道路",
    )
    op.create_index("ix_road_shape", "road", ["shape"], unique=False, postgresql_using="gist")
    op.create_table(
        "refused_row",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column(
            "row", sa.Integer(), nullable=False, comment="as a spreadsheet counts, header is 1"
        ),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False, comment="cells by header, in order"),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_job.id"], name=op.f("fk_refused_row_job_id_import_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_row")),
        sa.UniqueConstraint("job_id", "row", name=op.f("uq_refused_row_job_id_row")),
        comment="退回的行",
    )
    op.create_table(
        "street",
        sa.Column("code", sa.Text(), nullable=False, comment="9 digits under GB/T 10114"),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("code_scheme", sa.Text(), server_default="GB", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.CheckConstraint(
            "code_scheme <> 'GB' or (code ~ '^[0-9]{9}$' and left(code, 6) = district_code)",
            name=op.f("ck_street_code_in_district"),
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_street_shape_sound")),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_street_district_code_district")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_street")),
        comment="街道",
    )
    op.create_table(
        "community",
        sa.Column("code", sa.Text(), nullable=False, comment="12 digits"),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("code_scheme", sa.Text(), server_default="GB", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("platform", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=True,
            comment="union of its cells",
        ),
        sa.CheckConstraint(
            "code_scheme <> 'GB' or (code ~ '^[0-9]{12}$' and left(code, 9) = street_code)",
            name=op.f("ck_community_code_in_street"),
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_community_shape_sound")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_community_street_code_street")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_community")),
        comment="社区",
    )
    op.create_index(op.f("ix_community_street_code"), "community", ["street_code"], unique=False)
    op.create_table(
        "grid",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=True, comment="15 digits; never used again"),
        sa.Column("code_scheme", sa.Text(), server_default="GB", nullable=False),
        sa.Column("kind", sa.Text(), server_default="basic", nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("multipart", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'uncovered') = (code is null)", name=op.f("ck_grid_code_unless_uncovered")
        ),
        sa.CheckConstraint(
            "code_scheme <> 'GB' or code is null or (code ~ '^[0-9]{15}$' and left(code, 12) = community_code)",
            name=op.f("ck_grid_code_in_community"),
        ),
        sa.CheckConstraint(
            "kind in ('basic', 'dedicated', 'uncovered')", name=op.f("ck_grid_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_grid_community_code_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("code", name=op.f("uq_grid_code")),
        comment="网格",
    )
    op.create_index(op.f("ix_grid_community_code"), "grid", ["community_code"], unique=False)
    op.create_index(
        "uq_grid_one_uncovered",
        "grid",
        ["community_code"],
        unique=True,
        postgresql_where=sa.text("kind = 'uncovered'"),
    )
    op.create_table(
        "boundary",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("valid", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("grid_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_boundary_one_at_a_time",
        ),
        sa.CheckConstraint(
            "not isempty(valid) and not lower_inf(valid)", name=op.f("ck_boundary_valid_bounded")
        ),
        sa.CheckConstraint("sound_shape(shape)", name=op.f("ck_boundary_shape_sound")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_boundary_grid_id_grid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary")),
        comment="网格边界",
    )
    op.create_index(
        "ix_boundary_present",
        "boundary",
        ["shape"],
        unique=False,
        postgresql_using="gist",
        postgresql_where=sa.text("upper_inf(valid)"),
    )
    op.create_index(
        "ix_boundary_shape", "boundary", ["shape"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "party_org",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secretary", sa.Text(), nullable=True, comment="null where nobody leads it"),
        sa.Column("member_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column(
            "colour",
            sa.SmallInteger(),
            nullable=True,
            comment="0 to 7, on the map; neighbours differ",
        ),
        sa.CheckConstraint(
            "(tier = 'street') = (parent_id is null)", name=op.f("ck_party_org_parent_below_street")
        ),
        sa.CheckConstraint(
            "case tier when 'street' then street_code is not null when 'group' then grid_id is not null else community_code is not null end",
            name=op.f("ck_party_org_belongs_to_its_tier"),
        ),
        sa.CheckConstraint(
            "tier in ('street', 'community', 'branch', 'group')",
            name=op.f("ck_party_org_tier_known"),
        ),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_party_org_community_code_community"),
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_party_org_grid_id_grid")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["party_org.id"], name=op.f("fk_party_org_parent_id_party_org")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_party_org_street_code_street")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_org")),
        comment="党组织",
    )
    op.create_index(
        op.f("ix_party_org_community_code"), "party_org", ["community_code"], unique=False
    )
    op.create_index(op.f("ix_party_org_grid_id"), "party_org", ["grid_id"], unique=False)
    op.create_index(op.f("ix_party_org_parent_id"), "party_org", ["parent_id"], unique=False)
    op.create_index(op.f("ix_party_org_street_code"), "party_org", ["street_code"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("grid_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("duty = 'lead'"),
            using="gist",
            name="ex_post_one_lead",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("worker_id"), "="),
            (sa.column("grid_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_post_once_at_a_time",
        ),
        sa.CheckConstraint("duty in ('lead', 'assistant')", name=op.f("ck_post_duty_known")),
        sa.CheckConstraint(
            "not isempty(during) and not lower_inf(during)", name=op.f("ck_post_during_bounded")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_post_grid_id_grid")),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["grid_worker.id"], name=op.f("fk_post_worker_id_grid_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        comment="上岗",
    )
    op.create_index("ix_post_grid_id", "post", ["grid_id"], unique=False)
    op.create_index(op.f("ix_post_worker_id"), "post", ["worker_id"], unique=False)
    op.create_table(
        "building",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="building", nullable=False),
        sa.Column("courtyard_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "door",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=False,
            comment="decides the grid",
        ),
        sa.Column(
            "outline",
            geoalchemy2.Geometry("POLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("levels", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True, comment="grid of the door"),
        sa.Column("party_group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('building', 'courtyard')", name=op.f("ck_building_kind_known")
        ),
        sa.CheckConstraint(
            "households >= 0 and residents >= 0", name=op.f("ck_building_counts_natural")
        ),
        sa.CheckConstraint("sound_shape(door)", name=op.f("ck_building_door_sound")),
        sa.CheckConstraint("sound_shape(outline)", name=op.f("ck_building_outline_sound")),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_building_community_code_community"),
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["building.id"], name=op.f("fk_building_courtyard_id_building")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_building_grid_id_grid")),
        sa.ForeignKeyConstraint(
            ["party_group_id"], ["party_org.id"], name=op.f("fk_building_party_group_id_party_org")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
        sa.UniqueConstraint("code", name=op.f("uq_building_code")),
        comment="楼栋与院落",
    )
    op.create_index(
        op.f("ix_building_community_code"), "building", ["community_code"], unique=False
    )
    op.create_index(op.f("ix_building_courtyard_id"), "building", ["courtyard_id"], unique=False)
    op.create_index("ix_building_door", "building", ["door"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_building_grid_id"), "building", ["grid_id"], unique=False)
    op.create_index(
        "ix_building_outline", "building", ["outline"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        op.f("ix_building_party_group_id"), "building", ["party_group_id"], unique=False
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("raw_x", sa.Double(), nullable=True, comment="as it came, lon or easting"),
        sa.Column("raw_y", sa.Double(), nullable=True, comment="as it came, lat or northing"),
        sa.Column("raw_datum", sa.Text(), nullable=True),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=True
        ),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), server_default="grid", nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            sa.Computed("status not in ('closed', 'rejected', 'void')", persisted=True),
            nullable=False,
        ),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("boundary_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False, comment="how the grid was found"),
        sa.Column(
            "border_m",
            sa.Double(),
            nullable=True,
            comment="metres to the nearest border of its grid",
        ),
        sa.Column("runner_up_id", sa.Integer(), nullable=True),
        sa.Column("runner_up_m", sa.Double(), nullable=True),
        sa.Column(
            "located",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="how the place was found: label, score, candidates",
        ),
        sa.Column(
            "raw", sa.JSON(), nullable=True, comment="the imported row as it came, without contacts"
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(rule = 'none') = (grid_id is null)", name=op.f("ck_issue_grid_by_rule")
        ),
        sa.CheckConstraint(
            "(grid_id is null) = (boundary_id is null)", name=op.f("ck_issue_grid_on_boundary")
        ),
        sa.CheckConstraint(
            "grid_id is null or place is not null", name=op.f("ck_issue_grid_by_place")
        ),
        sa.CheckConstraint(
            "level in ('grid', 'community', 'street', 'district')",
            name=op.f("ck_issue_level_known"),
        ),
        sa.CheckConstraint(
            "precision in ('pin', 'door', 'building', 'place', 'road', 'community', 'none')",
            name=op.f("ck_issue_precision_known"),
        ),
        sa.CheckConstraint(
            "rule in ('covers', 'border', 'near', 'none')", name=op.f("ck_issue_rule_known")
        ),
        sa.CheckConstraint(
            "status in ('reported', 'accepted', 'verified', 'registered', 'dispatched', 'handled', 'checked', 'closed', 'rejected', 'void', 'returned', 'reworked', 'suspended')",
            name=op.f("ck_issue_status_known"),
        ),
        sa.CheckConstraint("sound_shape(place)", name=op.f("ck_issue_place_sound")),
        sa.ForeignKeyConstraint(
            ["boundary_id"], ["boundary.id"], name=op.f("fk_issue_boundary_id_boundary")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["issue_category.id"], name=op.f("fk_issue_category_id_issue_category")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_issue_community_code_community")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_issue_grid_id_grid")),
        sa.ForeignKeyConstraint(
            ["runner_up_id"], ["grid.id"], name=op.f("fk_issue_runner_up_id_grid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("channel", "ticket", name=op.f("uq_issue_channel_ticket")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issue_public_id")),
        comment="诉求",
    )
    op.create_index(op.f("ix_issue_boundary_id"), "issue", ["boundary_id"], unique=False)
    op.create_index(
        "ix_issue_category", "issue", ["category_id", "reported_at", "id"], unique=False
    )
    op.create_index(
        "ix_issue_closed",
        "issue",
        ["reported_at", "id"],
        unique=False,
        postgresql_where=sa.text("not is_open"),
    )
    op.create_index(
        "ix_issue_community", "issue", ["community_code", "reported_at", "id"], unique=False
    )
    op.create_index(
        "ix_issue_escalated",
        "issue",
        ["reported_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open and level <> 'grid'"),
    )
    op.create_index("ix_issue_grid", "issue", ["grid_id", "reported_at", "id"], unique=False)
    op.create_index(
        "ix_issue_load",
        "issue",
        ["grid_id", "is_open", "category_id", "level"],
        unique=False,
        postgresql_include=["due_at"],
    )
    op.create_index(
        "ix_issue_open",
        "issue",
        ["reported_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_issue_place", "issue", ["place"], unique=False, postgresql_using="gist")
    op.create_index("ix_issue_recent", "issue", ["reported_at", "id"], unique=False)
    op.create_index(
        "ix_issue_unplaced",
        "issue",
        ["reported_at", "id"],
        unique=False,
        postgresql_where=sa.text("grid_id is null"),
    )
    op.create_table(
        "issue_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_issue_event_grid_id_grid")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_issue_event_issue_id_issue")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_event")),
        comment="流转记录",
    )
    op.create_index(op.f("ix_issue_event_issue_id"), "issue_event", ["issue_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_issue_event_issue_id"), table_name="issue_event")
    op.drop_table("issue_event")
    op.drop_index(
        "ix_issue_unplaced", table_name="issue", postgresql_where=sa.text("grid_id is null")
    )
    op.drop_index("ix_issue_recent", table_name="issue")
    op.drop_index("ix_issue_place", table_name="issue", postgresql_using="gist")
    op.drop_index("ix_issue_open", table_name="issue", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_issue_load", table_name="issue", postgresql_include=["due_at"])
    op.drop_index("ix_issue_grid", table_name="issue")
    op.drop_index(
        "ix_issue_escalated",
        table_name="issue",
        postgresql_where=sa.text("is_open and level <> 'grid'"),
    )
    op.drop_index("ix_issue_community", table_name="issue")
    op.drop_index("ix_issue_closed", table_name="issue", postgresql_where=sa.text("not is_open"))
    op.drop_index("ix_issue_category", table_name="issue")
    op.drop_index(op.f("ix_issue_boundary_id"), table_name="issue")
    op.drop_table("issue")
    op.drop_index(op.f("ix_building_party_group_id"), table_name="building")
    op.drop_index("ix_building_outline", table_name="building", postgresql_using="gist")
    op.drop_index(op.f("ix_building_grid_id"), table_name="building")
    op.drop_index("ix_building_door", table_name="building", postgresql_using="gist")
    op.drop_index(op.f("ix_building_courtyard_id"), table_name="building")
    op.drop_index(op.f("ix_building_community_code"), table_name="building")
    op.drop_table("building")
    op.drop_index(op.f("ix_post_worker_id"), table_name="post")
    op.drop_index("ix_post_grid_id", table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_party_org_street_code"), table_name="party_org")
    op.drop_index(op.f("ix_party_org_parent_id"), table_name="party_org")
    op.drop_index(op.f("ix_party_org_grid_id"), table_name="party_org")
    op.drop_index(op.f("ix_party_org_community_code"), table_name="party_org")
    op.drop_table("party_org")
    op.drop_index("ix_boundary_shape", table_name="boundary", postgresql_using="gist")
    op.drop_index(
        "ix_boundary_present",
        table_name="boundary",
        postgresql_using="gist",
        postgresql_where=sa.text("upper_inf(valid)"),
    )
    op.drop_table("boundary")
    op.drop_index(
        "uq_grid_one_uncovered", table_name="grid", postgresql_where=sa.text("kind = 'uncovered'")
    )
    op.drop_index(op.f("ix_grid_community_code"), table_name="grid")
    op.drop_table("grid")
    op.drop_index(op.f("ix_community_street_code"), table_name="community")
    op.drop_table("community")
    op.drop_table("street")
    op.drop_table("refused_row")
    op.drop_index("ix_road_shape", table_name="road", postgresql_using="gist")
    op.drop_table("road")
    op.drop_index("ix_place_shape", table_name="place", postgresql_using="gist")
    op.drop_table("place")
    op.drop_index("ix_landcover_shape", table_name="landcover", postgresql_using="gist")
    op.drop_table("landcover")
    op.drop_table("issue_category")
    op.drop_table("import_job")
    op.drop_table("grid_worker")
    op.drop_table("district")
