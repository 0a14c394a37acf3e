"""A place may be the crossing of two roads."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = "precision in ('pin', 'door', 'building', 'place', 'road', 'community', 'none')"
AFTER = "precision in ('pin', 'door', 'building', 'place', 'crossing', 'road', 'community', 'none')"
PLACE_ISSUE = """
create or replace function place_issue() returns trigger language plpgsql volatile as $$
declare
    found assignment;
begin
    new.rule := 'none';
    new.grid_id := null;
    new.boundary_id := null;
    if new.place is null then
        return new;
    end if;
    perform lock_ground_shared();
    found := grid_at(new.place, null, case new.precision
        when 'pin' then 15 when 'door' then 10 when 'building' then 25
        when 'place' then 50{crossing} when 'road' then 300 else 0 end);
    new.grid_id := found.grid_id;
    new.boundary_id := found.boundary_id;
    new.rule := found.rule;
    new.border_m := found.border_m;
    new.runner_up_id := found.runner_up_id;
    new.runner_up_m := found.runner_up_m;
    new.community_code := coalesce(found.community_code, new.community_code);
    return new;
end $$;
"""


def _known(precisions: str) -> None:
    op.drop_constraint(op.f("ck_issue_precision_known"), "issue", type_="check")
    op.create_check_constraint(op.f("ck_issue_precision_known"), "issue", precisions)


def upgrade() -> None:
    _known(AFTER)
    op.execute(PLACE_ISSUE.replace("{crossing}", " when 'crossing' then 30"))


def downgrade() -> None:
    op.execute("update issue set precision = 'place' where precision = 'crossing'")
    _known(BEFORE)
    op.execute(PLACE_ISSUE.replace("{crossing}", ""))
