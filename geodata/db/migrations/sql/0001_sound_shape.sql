-- A shape that may be stored: valid, not empty, in the range of degrees, and every coordinate a
-- whole multiple of 2^-23 degree, so that all engines judge it alike.
create function sound_shape(shape geometry) returns boolean
language sql immutable strict parallel safe as $$
    select not ST_IsEmpty(shape)
        and ST_XMin(shape) >= -180 and ST_XMax(shape) <= 180
        and ST_YMin(shape) >= -90 and ST_YMax(shape) <= 90
        and ST_OrderingEquals(shape, ST_SnapToGrid(shape, 0.00000011920928955078125))
        and ST_IsValid(shape)
$$;
